/** What the server knows of one connection. */
import type { Command } from "./commands/Command.ts"
import type { Outbox } from "./pubsub/Outbox.ts"
import type { ReplyWriter } from "./resp/ReplyWriter.ts"
import type { Request } from "./resp/Request.ts"
import type { WatchedKey } from "./Watches.ts"

/** Commands between MULTI and EXEC. */
export interface Transaction {
  readonly queue: Array<{ readonly command: Command; readonly request: Request }>
  /** Of the queue, with what each costs. */
  bytes: number
  /** One of them was refused. */
  isAborted: boolean
}

export class Session {
  readonly id: number
  readonly reply: ReplyWriter
  /** Given by the client (CLIENT SETNAME). */
  name = ""
  transaction: Transaction | undefined
  readonly watched = new Set<WatchedKey>()
  /** A watched key has changed. */
  isDirty = false
  readonly channels = new Set<string>()
  readonly patterns = new Set<string>()
  /** Since it subscribed for the first time, all that goes to the client goes through it. */
  outbox: Outbox | undefined
  /** Makes the outbox. */
  readonly openOutbox: () => Outbox
  /** The connection ends after the reply. */
  isEnding = false

  constructor(id: number, reply: ReplyWriter, openOutbox: () => Outbox) {
    this.id = id
    this.reply = reply
    this.openOutbox = openOutbox
  }

  get subscriptions(): number {
    return this.channels.size + this.patterns.size
  }

  /** In RESP2 a subscriber's replies could not be told from messages. */
  get isRestricted(): boolean {
    return this.outbox !== undefined && this.reply.protocol === 2 && this.subscriptions > 0
  }

  isAllowed(name: string): boolean {
    return name === "ping" || name === "quit" || name === "reset"
  }
}
