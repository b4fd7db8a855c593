/** Byte arrays for laws: random content, random chunking, joining. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"

export const concat = (chunks: ReadonlyArray<Uint8Array>): Uint8Array => {
  const joined = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let offset = 0
  for (const chunk of chunks) {
    joined.set(chunk, offset)
    offset += chunk.length
  }
  return joined
}

export const ascii = (text: string): Uint8Array =>
  Uint8Array.from(text, (character) => character.charCodeAt(0))

/** Bytes with a long period, so that a lost or moved piece shows. One draw, whatever the length. */
export const randomBytes = (length: number): Effect.Effect<Uint8Array> =>
  Effect.map(Random.nextIntBetween(1, 0x7fffffff), (seed) => {
    const bytes = new Uint8Array(length)
    let state = seed
    for (let index = 0; index < length; index++) {
      // xorshift32: three shifts, no multiplication, alike on every engine.
      state ^= state << 13
      state ^= state >>> 17
      state ^= state << 5
      bytes[index] = state
    }
    return bytes
  })

/** The same bytes cut at random places into pieces of 1 to `bytesMax`. */
export const randomChunks = (
  bytes: Uint8Array,
  bytesMax: number
): Effect.Effect<ReadonlyArray<Uint8Array>> =>
  Effect.gen(function* () {
    const chunks: Array<Uint8Array> = []
    let offset = 0
    while (offset < bytes.length) {
      const length = yield* Random.nextIntBetween(1, bytesMax + 1)
      chunks.push(bytes.subarray(offset, offset + length))
      offset += length
    }
    return chunks
  })
