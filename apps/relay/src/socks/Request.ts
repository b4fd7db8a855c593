/**
 * Reads what a SOCKS client sends: its greeting, its credentials, its request.
 *
 * Exactly the bytes of each message are taken, so what a client sends behind its request without
 * waiting for the reply stays where it is, for the target. No message is longer than 513 bytes.
 */
import * as Effect from "effect/Effect"
import * as Host from "effect/net/Host"
import * as NetAddress from "effect/net/NetAddress"
import * as Result from "effect/Result"
import type { Target } from "../Target.ts"
import { type Message, type Problem, SocksError } from "./SocksError.ts"

/** A stream, or anything else that gives the next `bytes` bytes or fails. */
export interface Source<E> {
  readonly readExactly: (bytes: number) => Effect.Effect<Uint8Array, E>
}

export const version = 5
/** Of the negotiation of RFC 1929, which counts for itself. */
export const credentialsVersion = 1

const connectCommand = 1
const AddressType = { ipv4: 1, name: 3, ipv6: 4 } as const

const wrong = (where: Message, problem: Problem, value?: number | string) =>
  new SocksError({ where, problem, value })

/** The authentication methods that the client offers, in its order; not empty. */
export const readGreeting = Effect.fnUntraced(function* <E>(
  source: Source<E>
): Effect.fn.Return<Uint8Array, SocksError | E> {
  const [said, count] = yield* source.readExactly(2)
  if (said !== version) return yield* wrong("greeting", "WrongVersion", said)
  if (count === 0) return yield* wrong("greeting", "NoMethods")
  return yield* source.readExactly(count!)
})

export interface NameAndPassword {
  readonly name: Uint8Array
  readonly password: Uint8Array
}

/** Name and password, 1 to 255 bytes each. */
export const readCredentials = Effect.fnUntraced(function* <E>(
  source: Source<E>
): Effect.fn.Return<NameAndPassword, SocksError | E> {
  const [said, nameBytes] = yield* source.readExactly(2)
  if (said !== credentialsVersion) return yield* wrong("credentials", "WrongVersion", said)
  if (nameBytes === 0) return yield* wrong("credentials", "EmptyName")
  // Both in one read, with the length that stands between them.
  const nameAndLength = yield* source.readExactly(nameBytes! + 1)
  const passwordBytes = nameAndLength[nameBytes!]!
  if (passwordBytes === 0) return yield* wrong("credentials", "EmptyPassword")
  const password = yield* source.readExactly(passwordBytes)
  return { name: nameAndLength.subarray(0, nameBytes), password }
})

/** Where a CONNECT request leads. */
export const readRequest = Effect.fnUntraced(function* <E>(
  source: Source<E>
): Effect.fn.Return<Target, SocksError | E> {
  const [said, command, reserved, type] = yield* source.readExactly(4)
  if (said !== version) return yield* wrong("request", "WrongVersion", said)
  if (command !== connectCommand) return yield* wrong("request", "UnsupportedCommand", command)
  if (reserved !== 0) return yield* wrong("request", "ReservedByte", reserved)
  const host = yield* readHost(source, type!)
  const [high, low] = yield* source.readExactly(2)
  const port = (high! << 8) | low!
  if (port === 0) return yield* wrong("request", "PortZero")
  return { host, port }
})

const readHost = Effect.fnUntraced(function* <E>(
  source: Source<E>,
  type: number
): Effect.fn.Return<string, SocksError | E> {
  switch (type) {
    case AddressType.ipv4:
      return NetAddress.formatIp(NetAddress.ipv4FromBytesUnsafe(yield* source.readExactly(4)))
    case AddressType.ipv6:
      return NetAddress.formatIp(NetAddress.ipv6FromBytesUnsafe(yield* source.readExactly(16)))
    case AddressType.name: {
      const [bytes] = yield* source.readExactly(1)
      if (bytes === 0) return yield* wrong("request", "EmptyHost")
      return yield* hostOf(yield* source.readExactly(bytes!))
    }
    default:
      return yield* wrong("request", "UnsupportedAddressType", type)
  }
})

// Clients send international names as UTF-8 or converted already; literals in text come, too.
const hostOf = (bytes: Uint8Array): Effect.Effect<string, SocksError> => {
  const text = new TextDecoder().decode(bytes)
  return Result.match(Host.hostFromString(text), {
    onSuccess: (host) => Effect.succeed(Host.formatHost(host)),
    onFailure: () => Effect.fail(wrong("request", "InvalidHost", text))
  })
}
