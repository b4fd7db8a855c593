/** Who listens to which channel, and messages on their way. */
import { matches } from "../data/Glob.ts"
import { type Bytes, bytesOf } from "../resp/Ascii.ts"
import { ReplyWriter } from "../resp/ReplyWriter.ts"
import type { Session } from "../Session.ts"
import type { Statistics } from "../Statistics.ts"

/** Of one session, channels and patterns together. */
export const subscriptionsMax = 10_000
/** Of the name of a channel, or of a pattern. */
export const nameBytesMax = 4 * 1024

const messageBytesMax = Infinity

interface Pattern {
  readonly glob: Bytes
  readonly sessions: Set<Session>
}

/** A message as bytes, made once for all of a protocol. */
class Message {
  private readonly parts: ReadonlyArray<Bytes>
  private readonly made: { 2?: Bytes; 3?: Bytes } = {}

  constructor(...parts: ReadonlyArray<Bytes>) {
    this.parts = parts
  }

  bytes(protocol: 2 | 3): Bytes {
    const known = this.made[protocol]
    if (known !== undefined) return known
    const writer = new ReplyWriter(messageBytesMax)
    writer.protocol = protocol
    writer.push(this.parts.length)
    for (const part of this.parts) writer.bulk(part)
    return (this.made[protocol] = writer.written)
  }
}

export class Channels {
  private readonly channels = new Map<string, Set<Session>>()
  private readonly patterns = new Map<string, Pattern>()
  private readonly statistics: Statistics

  constructor(statistics: Statistics) {
    this.statistics = statistics
  }

  get patternCount(): number {
    return this.patterns.size
  }

  get names(): Iterable<string> {
    return this.channels.keys()
  }

  subscribersOf(channel: string): number {
    return this.channels.get(channel)?.size ?? 0
  }

  subscribe(session: Session, channel: string): void {
    session.channels.add(channel)
    const sessions = this.channels.get(channel)
    if (sessions === undefined) this.channels.set(channel, new Set([session]))
    else sessions.add(session)
  }

  subscribePattern(session: Session, pattern: string): void {
    session.patterns.add(pattern)
    const known = this.patterns.get(pattern)
    if (known !== undefined) known.sessions.add(session)
    else this.patterns.set(pattern, { glob: bytesOf(pattern), sessions: new Set([session]) })
  }

  unsubscribe(session: Session, channel: string): void {
    session.channels.delete(channel)
    const sessions = this.channels.get(channel)
    sessions?.delete(session)
    if (sessions?.size === 0) this.channels.delete(channel)
  }

  unsubscribePattern(session: Session, pattern: string): void {
    session.patterns.delete(pattern)
    const known = this.patterns.get(pattern)
    known?.sessions.delete(session)
    if (known?.sessions.size === 0) this.patterns.delete(pattern)
  }

  leave(session: Session): void {
    for (const channel of session.channels) this.unsubscribe(session, channel)
    for (const pattern of session.patterns) this.unsubscribePattern(session, pattern)
  }

  /** How many it was delivered to. Waits for none of them. */
  publish(channel: Bytes, name: string, payload: Bytes): number {
    this.statistics.messagesPublished++
    let count = 0
    const sessions = this.channels.get(name)
    if (sessions !== undefined) {
      const message = new Message(bytesOf("message"), channel, payload)
      for (const session of sessions) count += deliver(session, message)
    }
    for (const { glob, sessions: listening } of this.patterns.values()) {
      if (!matches(glob, channel)) continue
      const message = new Message(bytesOf("pmessage"), glob, channel, payload)
      for (const session of listening) count += deliver(session, message)
    }
    return count
  }
}

const deliver = (session: Session, message: Message): number =>
  session.outbox?.offer(message.bytes(session.reply.protocol)) === true ? 1 : 0
