/**
 * Effect's own `SecureRandom` in a simulated world: bytes come from the random numbers of the
 * process, so the seed decides them. They are secret to nobody.
 */
import * as SecureRandom from "effect/crypto/SecureRandom"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Random from "effect/Random"

const bytesFrom =
  (random: Random.Random) =>
  (size: number): Uint8Array => {
    const bytes = new Uint8Array(size)
    for (let at = 0; at < size; at++) bytes[at] = Math.floor(random.nextDoubleUnsafe() * 256)
    return bytes
  }

/** In place of `SecureRandom.layerWebCrypto`. */
export const layer: Layer.Layer<SecureRandom.SecureRandom> = Layer.effect(
  SecureRandom.SecureRandom,
  Effect.withFiber((fiber) =>
    Effect.sync(() => SecureRandom.make(bytesFrom(fiber.getRef(Random.Random))))
  )
)
