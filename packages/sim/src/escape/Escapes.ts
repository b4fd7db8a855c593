/**
 * Stands in front of the host's globals that no seed decides, while a world runs: time, chance,
 * timers. Outside of the world's steps the host has them as they are.
 */
import * as Clock from "effect/Clock"
import * as Fiber from "effect/Fiber"
import type { Prng } from "../Prng.ts"
import { SimScheduler } from "../effect/SimScheduler.ts"
import type { World } from "../World.ts"
import { EscapeError } from "./EscapeError.ts"

/**
 * `allow`: programs reach the host. `virtualise`: they find the world's time, chance and timers
 * instead, and nothing else. `refuse`: they throw, and the run ends with what did.
 */
export type EscapePolicy = "allow" | "virtualise" | "refuse"

type Callback = (...values: ReadonlyArray<unknown>) => unknown
type Holder = { [name: string]: unknown }

interface Trap {
  readonly holder: Holder
  readonly name: string
  readonly own: PropertyDescriptor | undefined
  readonly value: unknown
}

export class Escapes {
  /** The first that was refused. */
  refused: EscapeError | undefined = undefined
  private readonly world: World
  private readonly clock: Clock.Clock
  private readonly draws: Prng
  private readonly isRefusing: boolean
  private readonly traps: Array<Trap> = []
  private depth = 0

  /** `world` and `clock` are for what no fiber does. */
  constructor(globals: object, isRefusing: boolean, world: World, clock: Clock.Clock, draws: Prng) {
    this.world = world
    this.clock = clock
    this.draws = draws
    this.isRefusing = isRefusing
    this.trapAll(globals as Holder)
  }

  /** From now on; may be nested. */
  enter(): void {
    if (this.depth++ > 0) return
    for (const { holder, name, value } of this.traps) {
      Object.defineProperty(holder, name, { value, configurable: true, writable: true })
    }
  }

  leave(): void {
    if (--this.depth > 0) return
    for (const { holder, name, own } of this.traps) {
      if (own === undefined) Reflect.deleteProperty(holder, name)
      else Object.defineProperty(holder, name, own)
    }
  }

  private trapAll(globals: Holder): void {
    const { draws } = this
    this.trap(globals, "", "Date", (original) => this.virtualDate(original as never))
    this.trap(globals["Math"], "Math", "random", () => () => draws.next() / 0x1_0000_0000)
    this.trap(globals["performance"], "performance", "now", () => () => this.monotonicMillis())
    this.trap(globals["crypto"], "crypto", "getRandomValues", () => (array: Uint8Array) => {
      const bytes = new Uint8Array(array.buffer, array.byteOffset, array.byteLength)
      for (let at = 0; at < bytes.length; at++) bytes[at] = draws.next() >>> 24
      return array
    })
    this.trap(globals["crypto"], "crypto", "randomUUID", () => () => this.uuid())
    this.trap(globals, "", "setTimeout", () => this.timer(false))
    this.trap(globals, "", "setInterval", () => this.timer(true))
    this.trap(
      globals,
      "",
      "setImmediate",
      () =>
        (callback: Callback, ...values: Array<unknown>) =>
          this.timer(false)(callback, 0, ...values)
    )
    for (const name of ["clearTimeout", "clearInterval", "clearImmediate"]) {
      this.trap(globals, "", name, (original) => (timer: unknown) => {
        if (timer instanceof VirtualTimer) timer.cancel()
        else (original as Callback)(timer)
      })
    }
    // There is no network in the world but its own.
    this.trap(globals, "", "fetch", () => () => this.refuse("fetch"))
  }

  private trap(
    holder: unknown,
    path: string,
    name: string,
    virtual: (original: unknown) => unknown
  ): void {
    const target = holder as Holder | undefined
    if (target === undefined || target[name] === undefined) return
    const what = path === "" ? name : `${path}.${name}`
    const own = Object.getOwnPropertyDescriptor(target, name)
    const refuses = this.isRefusing && !name.startsWith("clear")
    const value = refuses ? this.refusing(what, target[name]) : virtual(target[name])
    this.traps.push({ holder: target, name, own, value })
  }

  // Some parts of a refused global depend on nothing: a date of a known time, say.
  private refusing(what: string, original: unknown): unknown {
    return what === "Date" ? this.virtualDate(original as never) : () => this.refuse(what)
  }

  private refuse(what: string): never {
    const fiber = Fiber.getCurrent()
    const span = fiber?.cache.span
    const name = span?._tag === "Span" ? span.name : ""
    const error = new EscapeError({ what, fiber: fiber?.id ?? 0, span: name })
    this.refused ??= error
    throw error
  }

  private currentClock(): Clock.Clock {
    return Fiber.getCurrent()?.getRef(Clock.Clock) ?? this.clock
  }

  private monotonicMillis(): number {
    return Number(this.currentClock().monotonicTimeNanosUnsafe()) / 1e6
  }

  /** The host's own, but that what depends on the time now is as in the world. */
  private virtualDate(original: new (...values: ReadonlyArray<unknown>) => { toString(): string }) {
    const now = () =>
      this.isRefusing ? this.refuse("Date.now") : this.currentClock().currentTimeMillisUnsafe()
    return new Proxy(original, {
      apply: () => new original(now()).toString(),
      construct: (target, values, newTarget) =>
        Reflect.construct(target, values.length === 0 ? [now()] : values, newTarget) as object,
      get: (target, name) => (name === "now" ? now : (Reflect.get(target, name) as unknown))
    })
  }

  private timer(repeats: boolean) {
    return (callback: Callback, millis = 0, ...values: ReadonlyArray<unknown>) => {
      const scheduler = Fiber.getCurrent()?.cache.scheduler
      const world = scheduler instanceof SimScheduler ? scheduler.world : this.world
      return new VirtualTimer(world, () => callback(...values), Number(millis) || 0, repeats)
    }
  }

  private uuid(): string {
    const word = () => this.draws.next().toString(16).padStart(8, "0")
    const [a, b, c, d] = [word(), word(), word(), word()]
    return `${a}-${b.slice(0, 4)}-4${b.slice(5)}-a${c.slice(1, 4)}-${c.slice(4)}${d}`
  }
}

/** What a program is given for a timer of the host: as Node's, it can be unref'd. */
class VirtualTimer {
  private readonly world: World
  private event: ReturnType<World["startTimer"]>

  constructor(world: World, callback: () => unknown, millis: number, repeats: boolean) {
    this.world = world
    // As hosts have it: at least a millisecond.
    const nanos = Math.max(1, Math.floor(millis)) * 1e6
    const fire = () => {
      if (repeats) this.event = world.startTimer(world.wait(nanos), fire)
      callback()
    }
    this.event = world.startTimer(world.wait(nanos), fire)
  }

  cancel(): void {
    this.world.cancelTimer(this.event)
  }

  ref(): this {
    this.world.setTimerRef(this.event, true)
    return this
  }

  unref(): this {
    this.world.setTimerRef(this.event, false)
    return this
  }

  hasRef(): boolean {
    return this.event.isRef
  }

  [Symbol.toPrimitive](): number {
    return this.event.sequence
  }
}
