/** An engine without a server: texts in, plain values out. */
import { Engine, type EngineOptions } from "../src/Engine.ts"
import { Outbox } from "../src/pubsub/Outbox.ts"
import { bytesOf } from "../src/resp/Ascii.ts"
import { ReplyParser } from "./resp/ReplyParser.ts"
import { ReplyWriter } from "../src/resp/ReplyWriter.ts"
import { RequestParser } from "../src/resp/RequestParser.ts"
import { type Argument, request } from "../src/resp/RequestWriter.ts"
import { Session } from "../src/Session.ts"
import { type Plain, plain } from "./Client.ts"

const MiB = 1024 * 1024

export const makeEngine = (options: Partial<EngineOptions> = {}): Engine => {
  const engine = new Engine({
    seed: 1,
    memoryBytesMax: 64 * MiB,
    subscriberBytesMax: MiB,
    transactionBytesMax: MiB,
    configuration: new Map([["maxmemory", "67108864"]]),
    ...options
  })
  engine.keyspace.now = 1_000_000
  return engine
}

let lastId = 0

export class Console {
  readonly session: Session
  private readonly engine: Engine
  private readonly parser = new RequestParser(MiB)

  constructor(engine: Engine, replyBytesMax = MiB) {
    this.engine = engine
    const outbox = () => new Outbox(engine.options.subscriberBytesMax, () => {})
    this.session = new Session(++lastId, new ReplyWriter(replyBytesMax), outbox)
    engine.sessions.set(lastId, this.session)
  }

  run(...args: ReadonlyArray<Argument>): Plain {
    const bytes = request(...args)
    this.parser.parse(bytes, 0, bytes.length)
    this.engine.execute(this.session, this.parser.request)
    const { reply } = this.session
    const told = new ReplyParser().parse(reply.written, 0, reply.length)
    reply.clear()
    return told === undefined ? null : plain(told)
  }

  /** Words between spaces; `""` is an empty one. */
  say(line: string): Plain {
    return this.run(...line.split(" ").map((word) => bytesOf(word === '""' ? "" : word)))
  }
}
