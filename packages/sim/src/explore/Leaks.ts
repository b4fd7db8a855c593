/** What a program leaves over in its process when it has ended: handles, and fibers. */
import { EventLoop } from "@portico/core/EventLoop"
import type * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type { Process, Services } from "../Process.ts"

/** Longer than any task is held back; what was told to end has ended by then. */
const grace = "3 seconds"

export class Leaks {
  /** Lines, each with where it was found. */
  readonly found: Array<string> = []

  /** `program`, in its process; a line is of `place`, which is `""` where there is only one. */
  watch<A, E>(
    program: Effect.Effect<A, E, Services>,
    image: Process,
    place: string
  ): Effect.Effect<A, E, Services> {
    return Effect.withFiber((self) => Effect.gen(() => this.run(program, image, place, self)))
  }

  private *run<A, E>(
    program: Effect.Effect<A, E, Services>,
    image: Process,
    place: string,
    self: Fiber.Fiber<unknown, unknown>
  ) {
    const rest = new Rest(yield* EventLoop, image, self)
    // A child, so that its own children have ended before anybody looks for what is left over.
    const child = yield* Effect.forkChild(program, { startImmediately: true })
    const look = Effect.suspend(() => (rest.isEmpty ? Effect.void : this.wait(rest, place)))
    const ended = Fiber.await(child)
    // Alone on its host a program is interrupted only when it may leave what it has.
    const exit = yield* place === ""
      ? ended
      : Effect.onInterrupt(ended, () => Effect.andThen(Fiber.interrupt(child), look))
    if (Exit.isSuccess(exit)) yield* look
    return yield* exit
  }

  private wait(rest: Rest, place: string): Effect.Effect<void> {
    return Effect.andThen(
      Effect.sleep(grace),
      Effect.sync(() => this.add(rest, place))
    )
  }

  private add(rest: Rest, place: string): void {
    this.found.push(...rest.lines().map((line) => `${place}${line}`))
  }

  /** What is left in processes that run no program; waits only if there is anything. */
  look(rests: () => ReadonlyArray<PlacedRest>): Effect.Effect<void> {
    return Effect.suspend(() => {
      if (rests().every(({ rest }) => rest.isEmpty)) return Effect.void
      const add = () => rests().forEach(({ place, rest }) => this.add(rest, place))
      return Effect.andThen(Effect.sleep(grace), Effect.sync(add))
    })
  }
}

/** What is left in a process, and what lines on it begin with. */
export interface PlacedRest {
  readonly rest: Rest
  readonly place: string
}

/** What came to a process since this was made. */
export class Rest {
  private readonly loop: Context.Service.Shape<typeof EventLoop>
  private readonly image: Process
  private readonly before: ReadonlySet<unknown>

  /** `self`: a fiber that does not count. */
  constructor(
    loop: Context.Service.Shape<typeof EventLoop>,
    image: Process,
    self?: Fiber.Fiber<unknown, unknown>
  ) {
    this.loop = loop
    this.image = image
    this.before = new Set<unknown>([self, ...this.handles, ...image.world.fibers.alive()])
  }

  private get handles() {
    return Effect.runSync(this.loop.handles)
  }

  private readonly isNew = (one: unknown): boolean => !this.before.has(one)

  private get hasFibers(): boolean {
    return this.image.world.fibers.alive().some(this.isNew)
  }

  get isEmpty(): boolean {
    return !this.handles.some(this.isNew) && !this.hasFibers
  }

  lines(): ReadonlyArray<string> {
    const handles = this.handles.filter(this.isNew).map(({ id, kind }) => `${kind} ${id}`)
    return this.hasFibers ? [...handles, ...this.image.describeFibers(this.isNew)] : handles
  }
}
