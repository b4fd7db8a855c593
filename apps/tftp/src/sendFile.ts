/** A read request, served: blocks go out a window at a time, and come again until acknowledged. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { IoError } from "@portico/core"
import type { Blocks } from "./Blocks.ts"
import type { Link } from "./Link.ts"
import type { Agreement } from "./wire/Negotiation.ts"
import * as Packet from "./wire/Packet.ts"
import { Abandoned } from "./wire/Refusal.ts"

/** Time-outs in a row after which a client counts as gone. */
export const timeoutsMax = 5

export interface Sent {
  readonly bytes: number
  readonly blocks: number
  /** Blocks that were sent again. */
  readonly resent: number
}

const silent = new Abandoned({ message: `${timeoutsMax} time-outs in a row` })

/** How many of `count` blocks after `base` this acknowledgement covers; undefined if it is old. */
const covered = (block: number, base: number, count: number): number | undefined => {
  const distance = (block - (base % 65_536) + 65_536) % 65_536
  return distance <= count ? distance : undefined
}

/**
 * Sends `packets` and waits for the acknowledgement of one of the blocks from `base` (not
 * included) on; again after each time-out. How many blocks were acknowledged, at least one.
 *
 * Only a time-out sends a lone block again: to answer a second acknowledgement with a second copy
 * doubles all traffic from there on (the Sorcerer's Apprentice, RFC 1123 §4.2.3.1). Of a window, a
 * repeated acknowledgement says that its first block was lost (RFC 7440 §4), and is heard once.
 */
const exchange = Effect.fnUntraced(function* (
  link: Link,
  packets: ReadonlyArray<Uint8Array>,
  base: number,
  timeoutMillis: number
): Effect.fn.Return<{ readonly count: number; readonly sends: number }, Abandoned> {
  let sends = 0
  let hasHeard = packets.length === 1
  for (let timeouts = 0; timeouts < timeoutsMax; timeouts++) {
    const due = (yield* Clock.currentTimeMillis) + timeoutMillis
    yield* link.send(...packets)
    sends++
    for (;;) {
      const packet = yield* link.receive(due)
      if (packet === undefined) break
      if (packet._tag !== "Acknowledgement") continue
      const count = covered(packet.block, base, packets.length)
      if (count !== undefined && count > 0) return { count, sends }
      if (count === undefined || hasHeard) continue
      hasHeard = true
      sends++
      yield* link.send(...packets)
    }
  }
  return yield* silent
})

/** Acknowledged by a block of number 0. */
const offerOptions = Effect.fnUntraced(function* (
  link: Link,
  { answer, timeoutSeconds }: Agreement
): Effect.fn.Return<void, Abandoned> {
  if (answer.size === 0) return
  const packet = Packet.optionAcknowledgementOf(answer)
  for (let timeouts = 0; timeouts < timeoutsMax; timeouts++) {
    const due = (yield* Clock.currentTimeMillis) + timeoutSeconds * 1_000
    yield* link.send(packet)
    for (;;) {
      const packet = yield* link.receive(due)
      if (packet === undefined) break
      if (packet._tag === "Acknowledgement" && packet.block === 0) return
    }
  }
  return yield* silent
})

/** Succeeds when the last block was acknowledged. */
export const sendFile = Effect.fnUntraced(function* (
  link: Link,
  blocks: Blocks,
  agreement: Agreement
): Effect.fn.Return<Sent, Abandoned | IoError.IoError> {
  const { blockBytes, timeoutSeconds, window } = agreement
  yield* offerOptions(link, agreement)
  let base = 0
  let bytes = 0
  let resent = 0
  for (;;) {
    const packets = yield* blocks.take(base + 1, window)
    const { count, sends } = yield* exchange(link, packets, base, timeoutSeconds * 1_000)
    resent += (sends - 1) * packets.length
    base += count
    for (const packet of packets.slice(0, count)) bytes += packet.length - 4
    const last = packets[count - 1]!
    if (last.length < 4 + blockBytes) return { bytes, blocks: base, resent }
  }
})
