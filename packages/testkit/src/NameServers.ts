/** Name servers for laws: programs over `Udp` and `Tcp` that answer as the law says. */
import {
  Address,
  DnsMessage,
  type IoError,
  RecordCode,
  Tcp,
  type TcpStream,
  Udp
} from "@portico/core"
import * as Effect from "effect/Effect"
import * as Dns from "effect/net/Dns"
import * as Result from "effect/Result"
import type * as Scope from "effect/Scope"
import { portOf as portOfAddress } from "./Connections.ts"
import { portOf } from "./Datagrams.ts"

export interface Asked {
  readonly name: string
  readonly type: number
  readonly id: number
  readonly hasEdns: boolean
  readonly isOverTcp: boolean
}

/** What a server sends for one query: messages, or bytes as they are. None is silence. */
export type Reply = ReadonlyArray<DnsMessage.DnsMessage | Uint8Array>

export interface LawNameServer {
  /** As `ResolverOptions.servers` writes it. */
  readonly address: string
  /** Every query so far, in order. */
  readonly asked: ReadonlyArray<Asked>
}

/** The response to a query, with these fields. */
export const responseTo = (
  query: DnsMessage.DnsMessage,
  fields: Partial<DnsMessage.DnsMessage> = {}
): DnsMessage.DnsMessage =>
  DnsMessage.make({
    id: query.id,
    isResponse: true,
    recursionDesired: true,
    recursionAvailable: true,
    questions: query.questions,
    ...fields
  })

export const record = <T extends Dns.RecordType>(
  name: string,
  type: T,
  fields: Dns.RecordFields<T>,
  ttlSeconds = 60
): DnsMessage.ResourceRecord => ({
  name,
  class: RecordCode.internet,
  ttlSeconds,
  data: Dns.makeRecordUnsafe(type, fields)
})

type Answering = (query: DnsMessage.DnsMessage, asked: Asked) => Reply

const bytesOf = (message: DnsMessage.DnsMessage | Uint8Array): Uint8Array =>
  message instanceof Uint8Array ? message : Result.getOrThrow(DnsMessage.encode(message))

const served = (bytes: Uint8Array, asked: Array<Asked>, isOverTcp: boolean, answer: Answering) => {
  const query = Result.getOrThrow(DnsMessage.decode(bytes))
  const [question] = query.questions
  const { edns, id } = query
  const { name, type } = question!
  const one: Asked = { name, type, id, hasEdns: edns !== undefined, isOverTcp }
  asked.push(one)
  return answer(query, one).map(bytesOf)
}

/** A server on 127.0.0.1, over UDP, until the scope ends. */
export const nameServer = (
  answer: Answering,
  port = 0,
  asked: Array<Asked> = []
): Effect.Effect<LawNameServer, IoError.IoError, Udp.Udp | Scope.Scope> =>
  Effect.gen(function* () {
    const socket = yield* Udp.bind({ port })
    const serveOne = Effect.flatMap(socket.receive, ({ bytes, from }) =>
      Effect.forEach(served(bytes, asked, false, answer), (reply) =>
        socket.send(reply, Address.toInput(from))
      )
    )
    yield* Effect.forkScoped(Effect.ignore(Effect.forever(serveOne)))
    return { address: `127.0.0.1:${portOf(socket)}`, asked }
  })

const framed = (message: Uint8Array): Uint8Array =>
  Uint8Array.of(message.length >> 8, message.length & 0xff, ...message)

/** The same, over TCP as well, at the same port. */
export const bothWaysServer = (
  answer: Answering
): Effect.Effect<LawNameServer, IoError.IoError, Udp.Udp | Tcp.Tcp | Scope.Scope> => {
  const serving = Effect.gen(function* () {
    const asked: Array<Asked> = []
    const serveOne = (stream: TcpStream.TcpStream) =>
      Effect.gen(function* () {
        const [high, low] = yield* stream.readExactly(2)
        const query = yield* stream.readExactly((high! << 8) | low!)
        for (const reply of served(query, asked, true, answer)) yield* stream.write(framed(reply))
      })
    const { address } = yield* Tcp.serve(serveOne, { port: 0, connectionsMax: 8 })
    return yield* nameServer(answer, portOfAddress(address), asked)
  })
  // Somebody else may have that port for datagrams.
  const isTaken = (error: IoError.IoError) => error.reason._tag === "AddressInUse"
  return Effect.retry(serving, { times: 10, while: isTaken })
}
