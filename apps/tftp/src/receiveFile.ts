/** A write request, served: blocks come in order, each window is acknowledged once. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { File, IoError } from "@portico/core"
import type { Link } from "./Link.ts"
import { timeoutsMax } from "./sendFile.ts"
import type { Agreement } from "./wire/Negotiation.ts"
import { Decoder } from "./wire/Netascii.ts"
import * as Packet from "./wire/Packet.ts"
import { Abandoned, codes, Refusal } from "./wire/Refusal.ts"

export interface Received {
  readonly bytes: number
  readonly blocks: number
}

type Data = Extract<Packet.Packet, { readonly _tag: "Data" }>

/** What is told again after a time-out: at first the options. */
const greetingOf = ({ answer }: Agreement): Uint8Array =>
  answer.size === 0 ? Packet.acknowledgement(0) : Packet.optionAcknowledgementOf(answer)

/** Takes blocks in order, and says what stands whenever the client has to know. */
class Receiver {
  private readonly link: Link
  private readonly agreement: Agreement
  private blocks = 0
  private sinceTold = 0
  private isGapTold = false

  constructor(link: Link, agreement: Agreement) {
    this.link = link
    this.agreement = agreement
  }

  get count(): number {
    return this.blocks
  }

  private get state(): Uint8Array {
    return this.blocks === 0 ? greetingOf(this.agreement) : Packet.acknowledgement(this.number)
  }

  private get number(): number {
    return this.blocks % 65_536
  }

  tell(): Effect.Effect<void> {
    this.sinceTold = 0
    return this.link.send(this.state)
  }

  /** The next block in order. It is not acknowledged by this. */
  next(): Effect.Effect<Data, Abandoned> {
    return Effect.gen({ self: this }, function* () {
      for (let timeouts = 0; timeouts < timeoutsMax; timeouts++) {
        const due = (yield* Clock.currentTimeMillis) + this.agreement.timeoutSeconds * 1_000
        for (;;) {
          const packet = yield* this.link.receive(due)
          if (packet === undefined) break
          if (packet._tag !== "Data") continue
          if (packet.block === (this.blocks + 1) % 65_536) {
            this.isGapTold = false
            return packet
          }
          // The client did not hear the last word, or a block was lost: of a window, say it once.
          if (packet.block === this.number || !this.isGapTold) yield* this.tell()
          this.isGapTold = packet.block !== this.number
        }
        yield* this.tell()
      }
      return yield* new Abandoned({ message: `${timeoutsMax} time-outs in a row` })
    })
  }

  /** The block is kept. The last one of a window is acknowledged; the last one of all is not. */
  taken(isLast: boolean): Effect.Effect<void> {
    this.blocks++
    this.sinceTold++
    return !isLast && this.sinceTold >= this.agreement.window ? this.tell() : Effect.void
  }

  /**
   * The last acknowledgement again whenever the last block comes again, for as long as a client
   * tries that is as patient as this server.
   */
  linger(): Effect.Effect<void, Abandoned> {
    return Effect.gen({ self: this }, function* () {
      const lingerSeconds = timeoutsMax * this.agreement.timeoutSeconds
      const due = (yield* Clock.currentTimeMillis) + lingerSeconds * 1_000
      for (;;) {
        const packet = yield* this.link.receive(due)
        if (packet === undefined) return
        if (packet._tag === "Data" && packet.block === this.number) yield* this.tell()
      }
    })
  }
}

export interface Upload {
  readonly mode: Packet.Mode
  readonly bytesMax: number
}

const tooLong = (bytesMax: number) =>
  new Refusal({ code: codes.diskFull, message: `At most ${bytesMax} bytes` })

export interface Reception extends Received {
  /** Tells the client that all is kept. */
  readonly acknowledge: Effect.Effect<void>
  /** Stays for a while in case it did not hear that. Fails when the client ends it. */
  readonly linger: Effect.Effect<void, Abandoned>
}

/** Succeeds when the last block is in the file; it is acknowledged by `acknowledge`. */
export const receiveFile = Effect.fnUntraced(function* (
  link: Link,
  file: File.File,
  agreement: Agreement,
  { bytesMax, mode }: Upload
): Effect.fn.Return<Reception, Abandoned | IoError.IoError | Refusal> {
  const receiver = new Receiver(link, agreement)
  const decoder = mode === "netascii" ? new Decoder() : undefined
  let bytes = 0
  yield* receiver.tell()
  for (;;) {
    const block = yield* receiver.next()
    const isLast = block.bytes.length < agreement.blockBytes
    const content = decoder?.decode(block.bytes) ?? block.bytes
    bytes += content.length
    if (bytes > bytesMax) return yield* tooLong(bytesMax)
    if (content.length > 0) yield* file.write(content)
    yield* receiver.taken(isLast)
    if (!isLast) continue
    const end = decoder?.end() ?? new Uint8Array(0)
    if (end.length > 0) yield* file.write(end)
    return {
      bytes: bytes + end.length,
      blocks: receiver.count,
      acknowledge: receiver.tell(),
      linger: receiver.linger()
    }
  }
})
