/** A client of a SOCKS5 proxy (RFC 1928), without a password. */
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type Address, type IoError, Tcp, type TcpStream } from "@portico/core"

/** The proxy answered something else than that the connection is there. */
export class NoTunnel extends Data.TaggedError("NoTunnel")<{ readonly answer: string }> {
  override get message(): string {
    return `The proxy answered ${this.answer}`
  }
}

const greeting = [5, 1, 0]
const methodTaken = "5 0"
const replyToIpv4 = /^5 0 0 1 /

const ask = Effect.fnUntraced(function* (
  stream: TcpStream.TcpStream,
  bytes: ReadonlyArray<number>,
  answerBytes: number,
  isExpected: (answer: string) => boolean
): Effect.fn.Return<void, IoError.IoError | NoTunnel> {
  yield* stream.write(Uint8Array.from(bytes))
  const answer = (yield* stream.readExactly(answerBytes)).join(" ")
  if (!isExpected(answer)) return yield* new NoTunnel({ answer })
})

/** A stream to `target`, an IPv4 address, through the proxy; closed with the scope. */
export const connect = Effect.fnUntraced(function* (
  proxy: Address.InetInput,
  { host = "127.0.0.1", port }: Address.InetInput
): Effect.fn.Return<TcpStream.TcpStream, IoError.IoError | NoTunnel, Tcp.Tcp | Scope.Scope> {
  const stream = yield* Tcp.connect(proxy)
  yield* ask(stream, greeting, 2, (answer) => answer === methodTaken)
  const octets = host.split(".").map(Number)
  const request = [5, 1, 0, 1, ...octets, port >> 8, port & 0xff]
  yield* ask(stream, request, 10, (answer) => replyToIpv4.test(answer))
  return stream
})
