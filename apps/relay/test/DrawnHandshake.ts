/** Sound SOCKS handshakes by seed, and what becomes of their bytes on the way. */
import type { SeededDraws } from "../../../packages/core/test/SeededDraws.ts"
import { credentials, loopback, toIpv6Loopback, toName } from "./RelayWorld.ts"

export interface Handshake {
  readonly bytes: Uint8Array
  /** Where it leads, as the relay names it. */
  readonly host: string
  readonly port: number
}

export interface Names {
  readonly name: string
  readonly password: string
}

/** Greeting, credentials when there are any, request, and what a client sends behind it. */
export const drawHandshake = (
  draws: SeededDraws,
  user: Names | undefined,
  port = 1 + draws.below(65_535)
): Handshake => {
  const wanted = user === undefined ? 0 : 2
  const methods = [...draws.bytes(draws.below(4)), wanted, ...draws.bytes(draws.below(4))]
  const name = draws.oneOf(["app.internal", "localhost", "127.0.0.1", "::1", "xn--bcher-kva.test"])
  const [host, request] = draws.oneOf([
    ["127.0.0.1", loopback(port)],
    ["::1", toIpv6Loopback(port)],
    [name, toName(name, port)]
  ] as const)
  const bytes = Uint8Array.of(
    5,
    methods.length,
    ...methods,
    ...(user === undefined ? [] : credentials(user.name, user.password)),
    ...request,
    ...draws.bytes(draws.below(32))
  )
  return { bytes, host, port }
}

/** One to four changes of a kind that wires, bad clients and attackers make. */
export const mutate = (draws: SeededDraws, handshake: Uint8Array): Uint8Array => {
  let bytes = handshake.slice()
  for (let count = 1 + draws.below(4); count > 0 && bytes.length > 0; count--) {
    const at = draws.below(bytes.length)
    switch (draws.below(6)) {
      case 0:
        bytes = bytes.slice(0, at)
        break
      case 1:
        bytes = Uint8Array.of(...bytes.subarray(0, at), ...draws.bytes(8), ...bytes.subarray(at))
        break
      case 2:
        bytes[at] = draws.oneOf([0, 1, 2, 3, 4, 5, 0xff])
        break
      case 3:
        bytes[at]! ^= 1 << draws.below(8)
        break
      case 4:
        bytes = Uint8Array.of(...bytes.subarray(0, at), ...bytes.subarray(at + 1))
        break
      default:
        bytes[at] = draws.below(256)
    }
  }
  return bytes
}
