/** One process of a host, from its start to its end: its program, and others that run in it. */
import { EventLoop } from "@portico/core/EventLoop"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import * as Layer from "effect/Layer"
import { Rest } from "../explore/Leaks.ts"
import { Launch, type LaunchSite } from "../Launch.ts"
import type { Process, Services } from "../Process.ts"
import type { HaltReason, SimHalt } from "../SimHalt.ts"
import type { World } from "../World.ts"

/** Every program that runs on a host. */
export type Main = () => Effect.Effect<unknown, unknown, Services>

/** Told when the services are there; `undefined` if the process has gone before. */
type Builder = (context: Context.Context<Services> | undefined) => void

export class Incarnation {
  readonly image: Process
  private readonly site: LaunchSite
  private readonly main: Main | undefined
  private readonly launch: Launch<unknown, unknown>
  private context: Context.Context<Services> | undefined
  private isLeaving = false
  /** All that came to a process that had nothing to run when it began. */
  private everything: Rest | undefined
  private readonly builders: Array<Builder> = []
  private readonly mourners = new Set<() => void>()

  /** `onExit` is told when the program ends by itself. */
  constructor(
    image: Process,
    main: Main | undefined,
    halt: (reason: HaltReason) => SimHalt,
    onExit: (exit: Exit.Exit<unknown, unknown>) => void
  ) {
    this.image = image
    this.main = main
    const { references, world } = image
    this.site = { references, world, hasHandles: false, halt }
    // How the services come up is not the program's, and would be most of the decisions.
    if (world.scheduling !== undefined) world.scheduling.isActive = false
    const program = Effect.scoped(
      Effect.flatMap(Layer.build(image.services), (context) => {
        this.built(context)
        return Effect.provideContext(main === undefined ? Effect.never : main(), context)
      })
    )
    const provided = Effect.provideContext(program, references)
    this.launch = new Launch(this.site, provided, () => onExit(this.launch.exit!))
  }

  get world(): World {
    return this.image.world
  }

  /** What is left when nothing runs here any more; undefined while anything does. */
  get rest(): Rest | undefined {
    return this.mourners.size === 0 ? this.everything : undefined
  }

  private built(context: Context.Context<Services>): void {
    this.context = context
    if (this.main === undefined) {
      this.everything = new Rest(Context.get(context, EventLoop), this.image)
    }
    const { scheduling } = this.world
    if (scheduling !== undefined) scheduling.isActive = true
    for (const builder of this.builders.splice(0)) builder(context)
  }

  /** It is no more: whoever waits for something of it is told so. */
  gone(): void {
    for (const builder of this.builders.splice(0)) builder(undefined)
    const mourners = [...this.mourners]
    this.mourners.clear()
    for (const mourner of mourners) mourner()
  }

  /** As `runMain` does for SIGTERM and SIGINT. */
  interrupt(): void {
    this.launch.interrupt(() => {})
  }

  /**
   * Runs another program, and tells its exit, or `undefined` when the process has gone before.
   * Gives how to interrupt it.
   */
  run<A, E>(
    program: Effect.Effect<A, E, Services>,
    onEnd: (exit: Exit.Exit<A, E> | undefined) => void
  ): (onEnded: () => void) => void {
    let isOver = false
    const finish = (exit: Exit.Exit<A, E> | undefined) => {
      if (isOver) return
      isOver = true
      this.mourners.delete(mourn)
      onEnd(exit)
    }
    const mourn = () => finish(undefined)
    this.mourners.add(mourn)
    let launch: Launch<A, E> | undefined
    const start: Builder = (context) => {
      if (context === undefined || isOver) return
      const services = Context.merge(this.image.references, context)
      const provided = Effect.provideContext(program, services)
      launch = new Launch(this.site, provided, () => finish(launch!.exit!))
    }
    if (this.context === undefined) this.builders.push(start)
    else start(this.context)
    return (onEnded) => {
      if (isOver || launch === undefined) {
        isOver = true
        return onEnded()
      }
      this.mourners.add(onEnded)
      launch.interrupt(() => this.mourners.delete(onEnded) && onEnded())
    }
  }

  /**
   * A process whose loop has nothing to wait for, but which holds what was unref'd, may leave: it
   * is interrupted, as by the hosts' `runMain`. True if it is, for the first time.
   */
  leaveIfDone(): boolean {
    if (this.main === undefined || this.isLeaving) return false
    if (this.world.isAlive || !this.image.hasHandles) return false
    this.isLeaving = true
    this.interrupt()
    return true
  }
}
