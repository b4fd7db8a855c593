/**
 * One connection's requests: bytes in, replies out, without waiting for anything.
 *
 * Requests are run where they lie in what was read; only an unfinished one is kept, in memory of
 * the connection's own.
 */
import type { Engine } from "./Engine.ts"
import { Outbox } from "./pubsub/Outbox.ts"
import { type Bytes, nothing } from "./resp/Ascii.ts"
import { ReplyWriter } from "./resp/ReplyWriter.ts"
import { RequestParser } from "./resp/RequestParser.ts"
import { Session } from "./Session.ts"

/** Bytes of replies, and requests, after which a step ends: others want their turn, too. */
const replyBytesPerStep = 64 * 1024
const requestsPerStep = 1_024

/** What all connections keep of unfinished requests together. */
export class KeptInput {
  bytes = 0
  readonly bytesMax: number

  constructor(bytesMax: number) {
    this.bytesMax = bytesMax
  }
}

export interface ConnectionOptions {
  readonly id: number
  /** The longest request, and the longest reply. */
  readonly requestBytesMax: number
  readonly replyBytesMax: number
  /** Called when it does not read what it subscribed to. */
  readonly onCut: () => void
}

export class Connection {
  readonly session: Session
  readonly reply: ReplyWriter
  /** What came was no request, and was refused: what is left of it is not to be answered. */
  isRefused = false
  private readonly engine: Engine
  private readonly kept: KeptInput
  private readonly parser: RequestParser
  // What is to be run: in what was read, or in `own`.
  private bytes: Bytes = nothing
  private at = 0
  private end = 0
  private own: Bytes = nothing

  constructor(engine: Engine, kept: KeptInput, options: ConnectionOptions) {
    this.engine = engine
    this.kept = kept
    this.parser = new RequestParser(options.requestBytesMax)
    this.reply = new ReplyWriter(options.replyBytesMax)
    const { subscriberBytesMax } = engine.options
    const openOutbox = () => new Outbox(subscriberBytesMax, options.onCut)
    this.session = new Session(options.id, this.reply, openOutbox)
    engine.sessions.set(options.id, this.session)
  }

  /** Whether a part of a request has come. */
  get isWithin(): boolean {
    return this.own.length > 0
  }

  /** Whether all that was asked was answered, and nothing more has begun to come. */
  get isIdle(): boolean {
    const { reply, session } = this
    const waiting = session.outbox?.waiting ?? 0
    return this.bytes.length === 0 && !this.isWithin && reply.length + waiting === 0
  }

  /** Forgets the session: it subscribes to nothing and watches nothing any more. */
  close(): void {
    const { engine, session } = this
    engine.channels.leave(session)
    engine.forget(session)
    engine.sessions.delete(session.id)
    this.keepOwn(nothing)
  }

  /** `chunk` stays valid until `advance` has given false. */
  feed(chunk: Bytes): void {
    this.engine.statistics.bytesRead += chunk.length
    if (this.own.length === 0) {
      this.bytes = chunk
      this.at = 0
      this.end = chunk.length
      return
    }
    const needed = this.end + chunk.length
    if (needed > this.own.length) {
      const wider = new Uint8Array(Math.max(needed, 2 * this.own.length))
      wider.set(this.own.subarray(0, this.end))
      this.keepOwn(wider)
    }
    this.own.set(chunk, this.end)
    this.bytes = this.own
    this.end = needed
  }

  /** Runs requests at the time `now`; true when there may be more that can be run. */
  advance(now: number): boolean {
    const { engine, parser, reply, session } = this
    engine.keyspace.now = now
    for (let count = 0; count < requestsPerStep; count++) {
      const outcome = parser.parse(this.bytes, this.at, this.end)
      if (outcome === "Incomplete") return this.keep()
      if (outcome === "Malformed") return this.refuse(`ERR Protocol error: ${parser.problem}`)
      this.at = parser.next
      engine.execute(session, parser.request)
      if (session.outbox !== undefined) this.moveReplies(session.outbox)
      if (session.isEnding) return false
      if (reply.length >= replyBytesPerStep) return true
    }
    return true
  }

  private moveReplies(outbox: Outbox): void {
    outbox.offer(this.reply.written)
    this.reply.clear()
  }

  private refuse(problem: string): false {
    this.reply.begin()
    this.reply.error(problem)
    if (this.session.outbox !== undefined) this.moveReplies(this.session.outbox)
    this.session.isEnding = true
    this.isRefused = true
    return false
  }

  /** Keeps what is left for the next chunk. */
  private keep(): false {
    const { at, bytes, end } = this
    const left = end - at
    this.bytes = nothing
    this.at = 0
    this.end = left
    if (left === 0) {
      this.parser.request.shrink()
      if (this.own.length > 0) this.keepOwn(nothing)
    } else if (this.own.length === 0) {
      this.keepOwn(new Uint8Array(Math.max(512, left)))
      this.own.set(bytes.subarray(at, end))
    } else if (at > 0) this.own.copyWithin(0, at, end)
    if (this.kept.bytes > this.kept.bytesMax) {
      return this.refuse("ERR too many bytes of unfinished requests")
    }
    return false
  }

  private keepOwn(own: Bytes): void {
    this.kept.bytes += own.length - this.own.length
    this.own = own
  }
}
