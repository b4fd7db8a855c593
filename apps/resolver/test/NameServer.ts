/** A name server of the tests, in the simulator: it answers as it is told, and counts. */
import { DnsMessage, type IoError, Tcp, Udp, type UdpSocket } from "@portico/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { decoded, encoded, framed } from "./Wire.ts"

export type Answer = Partial<DnsMessage.DnsMessage> | Uint8Array

export interface NameServer {
  /** Queries that came, and from which ports. */
  readonly queries: Array<DnsMessage.DnsMessage>
  readonly ports: Array<number>
}

/** What is said of a query: fields of the answer, the very bytes, several of either, or nothing. */
export type Behaviour = (
  query: DnsMessage.DnsMessage,
  transport: "tcp" | "udp"
) => Answer | ReadonlyArray<Answer> | undefined

/** Fields of an answer that repeats id and question. */
const toBytes = (query: DnsMessage.DnsMessage, answer: Answer): Uint8Array =>
  answer instanceof Uint8Array
    ? answer
    : encoded(
        DnsMessage.make({
          id: query.id,
          isResponse: true,
          recursionAvailable: true,
          questions: query.questions,
          edns: query.edns,
          ...answer
        })
      )

/** Answers on a port of `host` until the scope ends, `delayMillis` after each question. */
export const serve = Effect.fnUntraced(function* (
  port: number,
  behave: Behaviour,
  delayMillis = 0,
  host = "127.0.0.1"
): Effect.fn.Return<NameServer, IoError.IoError, Tcp.Tcp | Udp.Udp | Scope.Scope> {
  const server: NameServer = { queries: [], ports: [] }
  const answersTo = (bytes: Uint8Array, transport: "tcp" | "udp") =>
    Effect.gen(function* () {
      const query = decoded(bytes)
      server.queries.push(query)
      yield* Effect.sleep(delayMillis)
      const answers = [behave(query, transport) ?? []].flat() as ReadonlyArray<Answer>
      return answers.map((answer) => toBytes(query, answer))
    })
  const socket = yield* Udp.bind({ host, port })
  const answerOne = ({ bytes, from, replyTo }: UdpSocket.Datagram) =>
    Effect.gen(function* () {
      server.ports.push(from.port)
      for (const answer of yield* answersTo(bytes, "udp")) yield* socket.send(answer, replyTo)
    })
  yield* socket.receive.pipe(
    Effect.flatMap((datagram) => Effect.forkScoped(Effect.ignore(answerOne(datagram)))),
    Effect.forever,
    Effect.forkScoped
  )
  yield* Tcp.serve(
    (stream) =>
      Effect.gen(function* () {
        for (;;) {
          const [high, low] = yield* stream.readExactly(2)
          const bytes = yield* stream.readExactly((high! << 8) | low!)
          for (const answer of yield* answersTo(bytes, "tcp")) yield* stream.write(framed(answer))
        }
      }).pipe(Effect.ignore),
    { host, port, connectionsMax: 100 }
  )
  return server
})
