/**
 * The receiving side of one datagram socket: what is queued, and the fibers that wait in line.
 *
 * The first in line gets the first datagram, the second the second, and so on: a fiber is woken as
 * soon as there is one for its place, and takes that one, however late it gets to run. Who comes
 * new finds what is left beyond the line. So nobody is overtaken, and a fiber that is interrupted
 * leaves its place, and with it the datagram, to whoever stands behind it.
 *
 * Taking is one synchronous step that hands the datagram straight to the fiber's next continuation
 * (`Effect.sync`), never through a value that an interruption could drop.
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import type { Wait } from "../../Handle.ts"
import type { IoError } from "../../IoError.ts"
import type { Overflow } from "../../UdpOptions.ts"
import type { Datagram } from "../../UdpSocket.ts"
import { ReceiveQueue } from "./ReceiveQueue.ts"
import { tooLate } from "../orRetry.ts"
import { WaitList } from "../WaitList.ts"

/** What a fiber in line waits for: one datagram, or an array of at most `countMax`. */
interface Place extends Wait {
  readonly countMax: number | undefined
  readonly resume: (effect: Effect.Effect<never, IoError>) => void
}

/** What a receive takes: one datagram, or several. */
export type Taken = Datagram | Array<Datagram>

export class Receivers {
  datagramsReceived = 0
  bytesReceived = 0
  readonly queue: ReceiveQueue
  /** Fibers that wait for something to be there, and take nothing. */
  readonly readable = new WaitList()
  private readonly line: Array<Place> = []
  /** How many in line are woken: the first ones, each with a datagram of its own. */
  private woken = 0
  private isClosed = false

  constructor(bytesMax: number, overflow: Overflow) {
    this.queue = new ReceiveQueue(bytesMax, overflow)
  }

  get waits(): ReadonlyArray<Wait> {
    return [...this.line, ...this.readable.waits]
  }

  /** Whether a newcomer finds a datagram. */
  get isAvailable(): boolean {
    return this.queue.length > this.line.length
  }

  /** A datagram came. */
  deliver(datagram: Datagram): void {
    this.queue.push(datagram, this.line.length)
    this.wake()
  }

  private wake(): void {
    while (this.woken < this.line.length && this.woken < this.queue.length) {
      this.line[this.woken++]!.resume(this.handOver)
    }
    if (this.isAvailable) this.readable.wakeAll()
  }

  /** The next datagram, or at most `countMax`, for a fiber that comes new. Throws if it is late. */
  take(countMax: number | undefined): Taken {
    if (!this.isAvailable) throw tooLate
    return this.takeFrom(this.line.length, countMax)
  }

  private takeFrom(place: number, countMax: number | undefined): Taken {
    const first = this.takeAt(place)
    if (countMax === undefined) return first
    const taken = [first]
    while (taken.length < countMax && this.isAvailable) taken.push(this.takeAt(this.line.length))
    return taken
  }

  private takeAt(place: number): Datagram {
    const datagram = this.queue.takeAt(place)
    this.datagramsReceived++
    this.bytesReceived += datagram.bytes.length
    return datagram
  }

  /** Puts the running fiber last in line; gives what an interruption has to run. */
  register(
    operation: string,
    countMax: number | undefined,
    resume: (effect: Effect.Effect<never, IoError>) => void
  ): Effect.Effect<void> {
    this.line.push({ operation, countMax, fiberId: Fiber.getCurrent()!.id, resume })
    return this.leave
  }

  // A fiber waits in one place at a time, so its number finds it, and all share these two effects.
  private readonly handOver = Effect.sync(() => {
    const place = this.placeOf(Fiber.getCurrent()!.id)
    const { countMax } = this.line[place]!
    this.leaveLine(place)
    this.woken--
    return this.takeFrom(place, countMax)
  }) as Effect.Effect<never>

  private readonly leave = Effect.sync(() => {
    const place = this.placeOf(Fiber.getCurrent()!.id)
    // A failure was on its way to it.
    if (place === -1) return
    this.leaveLine(place)
    if (place >= this.woken) return
    this.woken--
    if (this.isClosed) this.queue.takeAt(place)
    else this.wake()
  })

  private placeOf(fiberId: number): number {
    const { line } = this
    let place = 0
    while (place < line.length && line[place]!.fiberId !== fiberId) place++
    return place < line.length ? place : -1
  }

  // Mostly it is the only one.
  private leaveLine(place: number): void {
    if (place === this.line.length - 1) this.line.pop()
    else this.line.splice(place, 1)
  }

  /** Fails the first that has no datagram yet; false when there is none. */
  failNext(error: (operation: string) => IoError): boolean {
    const [first] = this.line.splice(this.woken, 1)
    first?.resume(Effect.fail(error(first.operation)))
    return first !== undefined
  }

  /** Nothing comes any more. Who has a datagram of his own still takes it. */
  close(error: (operation: string) => IoError): void {
    this.isClosed = true
    this.queue.keep(this.woken)
    for (const { operation, resume } of this.line.splice(this.woken)) {
      resume(Effect.fail(error(operation)))
    }
    this.readable.wakeAll()
  }
}
