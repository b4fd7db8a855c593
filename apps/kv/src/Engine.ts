/**
 * Runs commands, one after another: the state machine behind all connections.
 *
 * It waits for nothing and knows neither sockets nor files. What changed goes to a `LogSink`, which
 * the caller waits for before it lets a reply go.
 */
import { commandTable } from "./commands/all.ts"
import { type Command, hasArity } from "./commands/Command.ts"
import * as Problem from "./commands/Problem.ts"
import { type Entry, Keyspace } from "./data/Keyspace.ts"
import { argumentOverhead } from "./data/Value.ts"
import { Channels } from "./pubsub/Channels.ts"
import type { Bytes } from "./resp/Ascii.ts"
import type { Request } from "./resp/Request.ts"
import { ReplyTooLong, type ReplyWriter } from "./resp/ReplyWriter.ts"
import type { Argument } from "./resp/RequestWriter.ts"
import type { Session } from "./Session.ts"
import { Statistics } from "./Statistics.ts"
import { Watches } from "./Watches.ts"

/** Takes what changed, in the order in which it did. */
export interface LogSink {
  /** One request as it is on the wire. */
  readonly append: (bytes: Bytes, start: number, end: number) => void
  readonly appendCommand: (...args: ReadonlyArray<Argument>) => void
}

/** Before a change; see `Keyspace.Observer`. For a rewrite under way. */
export interface Historian {
  readonly changes: (entry: Entry, isNew: boolean) => void
  readonly clears: () => void
}

export interface EngineOptions {
  /** Any 32 bits. */
  readonly seed: number
  /** Of keys and values; what would use more is refused. */
  readonly memoryBytesMax: number
  /** Of what subscribers have not read. */
  readonly subscriberBytesMax: number
  /** Of a transaction that waits for EXEC. */
  readonly transactionBytesMax: number
  /** What CONFIG GET tells. */
  readonly configuration: ReadonlyMap<string, string>
}

export class Engine {
  readonly commands = commandTable
  readonly keyspace: Keyspace
  readonly channels: Channels
  readonly watches = new Watches()
  readonly statistics = new Statistics()
  readonly sessions = new Map<number, Session>()
  readonly options: EngineOptions
  /** Asks for a rewrite of the log; false when one runs. */
  requestRewrite: () => boolean = () => false
  /** Lines about persistence for INFO. */
  describeLog: () => ReadonlyArray<string> = () => []
  log: LogSink | undefined
  historian: Historian | undefined
  /** Milliseconds since 1970, when the engine began. */
  startedAt = 0
  /** Whose command runs. */
  session!: Session
  /** The session's. */
  reply!: ReplyWriter
  /** Of all transactions that wait for EXEC; they use the keys' memory. */
  queuedBytes = 0
  /** The request is to be logged as it came. */
  isChanged = false
  /** Its keys are being brought back from the log. */
  isRecovering = false

  constructor(options: EngineOptions) {
    this.options = options
    this.keyspace = new Keyspace(options)
    this.channels = new Channels(this.statistics)
    this.keyspace.observer = {
      changes: (entry, isNew) => {
        this.historian?.changes(entry, isNew)
        if (this.watches.size > 0) this.watches.touch(entry.key)
      },
      expires: ({ key }) => this.log?.appendCommand("DEL", key),
      clears: () => {
        this.historian?.clears()
        for (const entry of this.keyspace.entries) this.watches.touch(entry.key)
      }
    }
  }

  /** Runs the request, or lets it wait for EXEC; writes one reply to the session. */
  execute(session: Session, request: Request): void {
    if (request.count === 0) return
    this.session = session
    this.reply = session.reply
    this.reply.begin()
    this.statistics.commands++
    const command = commandTable.find(request)
    if (command === undefined) return this.refuse(unknown(request))
    if (!hasArity(command, request.count)) return this.refuse(Problem.wrongArity(command.name))
    const { kind } = command
    if (session.transaction !== undefined && kind !== "transaction") {
      return this.enqueue(session, command, request)
    }
    if (session.isRestricted && kind !== "subscription" && !session.isAllowed(command.name)) {
      return this.fail(subscribed(command.name))
    }
    this.call(command, request)
  }

  /** Runs a command that was checked, now. Writes one reply. */
  call(command: Command, request: Request): void {
    const { bytesTotal, count } = request
    if (command.kind === "grow" && !this.hasRoom(bytesTotal + count * argumentOverhead)) {
      this.statistics.outOfMemory++
      return this.fail(Problem.outOfMemory)
    }
    this.isChanged = false
    try {
      command.run(this, request)
    } catch (problem) {
      if (!(problem instanceof ReplyTooLong)) throw problem
      this.reply.rollback()
      this.fail(`ERR reply is longer than ${problem.bytesMax} bytes`)
    }
    if (!this.isChanged || this.log === undefined) return
    const { base, bytes, wireBytes } = request
    if (wireBytes > 0) this.log.append(bytes, base, base + wireBytes)
    else
      this.log.appendCommand(
        ...Array.from({ length: request.count }, (_, at) => request.argument(at))
      )
  }

  /** Whether `bytes` more may be used. */
  hasRoom(bytes: number): boolean {
    // They were let in before: one by one, where a rewritten log asks for many at once, and perhaps
    // by another bound.
    if (this.isRecovering) return true
    const used = this.keyspace.memoryBytes + this.queuedBytes
    return used + bytes <= this.options.memoryBytesMax
  }

  fail(problem: string): void {
    this.statistics.errors++
    this.reply.error(problem)
  }

  /** An error that also makes an EXEC that follows fail. */
  private refuse(problem: string): void {
    if (this.session.transaction !== undefined) this.session.transaction.isAborted = true
    this.fail(problem)
  }

  private enqueue(session: Session, command: Command, request: Request): void {
    if (command.kind === "subscription") {
      return this.refuse(`ERR '${command.name}' is not allowed in transactions`)
    }
    const transaction = session.transaction!
    if (!transaction.isAborted) {
      const bytes = request.bytesTotal + queuedOverhead
      if (transaction.bytes + bytes > this.options.transactionBytesMax) {
        return this.refuse("ERR transaction is too long")
      }
      if (!this.hasRoom(bytes)) return this.refuse(Problem.outOfMemory)
      transaction.bytes += bytes
      this.queuedBytes += bytes
      transaction.queue.push({ command, request: request.copy() })
    }
    this.reply.simple("QUEUED")
  }

  /** Leaves MULTI, and watches nothing any more. */
  forget(session: Session): void {
    this.queuedBytes -= session.transaction?.bytes ?? 0
    session.transaction = undefined
    this.watches.unwatch(session)
  }
}

/** A request that waits, beside its bytes. */
const queuedOverhead = 256

const unknown = (request: Request): string => {
  const name = request.text(0).slice(0, 128)
  let beginning = ""
  for (let at = 1; at < request.count && beginning.length < 128; at++) {
    beginning += `'${request.text(at).slice(0, 128 - beginning.length)}' `
  }
  return `ERR unknown command '${name}', with args beginning with: ${beginning}`
}

const subscribed = (name: string): string =>
  `ERR Can't execute '${name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are` +
  " allowed in this context"
