/** A client: sends requests, reads replies. */
import { type IoError, Tcp, type TcpStream } from "@portico/core"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { binaryText } from "../src/resp/Ascii.ts"
import type { Reply } from "./resp/Reply.ts"
import { ReplyParser } from "./resp/ReplyParser.ts"
import { type Argument, request } from "../src/resp/RequestWriter.ts"

/** The server ended the connection. */
export class Ended extends Data.TaggedError("Ended")<{}> {}

/** A reply as plain values: texts for strings, errors with their text behind `!`. */
export type Plain = bigint | boolean | null | number | string | ReadonlyArray<Plain>

export const plain = (reply: Reply): Plain => {
  switch (reply._tag) {
    case "Simple":
    case "BigNumber":
      return reply.text
    case "Error":
      return `!${reply.text}`
    case "Bulk":
      return binaryText(reply.bytes)
    case "Null":
      return null
    case "Integer":
      return Number.isSafeInteger(Number(reply.value)) ? Number(reply.value) : reply.value
    case "Boolean":
    case "Double":
      return reply.value
    default:
      return reply.items.map(plain)
  }
}

export class Client {
  readonly stream: TcpStream.TcpStream
  private bytes = new Uint8Array(0)
  private readonly parser = new ReplyParser()

  constructor(stream: TcpStream.TcpStream) {
    this.stream = stream
  }

  send(...args: ReadonlyArray<Argument>): Effect.Effect<void, IoError.IoError> {
    return this.stream.write(request(...args))
  }

  readonly receive: Effect.Effect<Reply, Ended | IoError.IoError> = Effect.suspend(() => {
    const reply = this.parser.parse(this.bytes, 0, this.bytes.length)
    if (reply !== undefined) {
      this.bytes = this.bytes.slice(this.parser.next)
      return Effect.succeed(reply)
    }
    return Effect.flatMap(this.stream.read, (chunk) => {
      if (chunk.length === 0) return new Ended()
      const more = new Uint8Array(this.bytes.length + chunk.length)
      more.set(this.bytes)
      more.set(chunk, this.bytes.length)
      this.bytes = more
      return this.receive
    })
  })

  readonly receivePlain = Effect.suspend(() => Effect.map(this.receive, plain))

  ask(...args: ReadonlyArray<Argument>): Effect.Effect<Plain, Ended | IoError.IoError> {
    return Effect.andThen(this.send(...args), this.receivePlain)
  }
}

export const connect = (to: {
  readonly host: string
  readonly port: number
}): Effect.Effect<Client, IoError.IoError, Tcp.Tcp | Scope.Scope> =>
  Effect.map(Tcp.connect(to), (stream) => new Client(stream))
