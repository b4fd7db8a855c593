/**
 * The `TurnPort` of a host that can run a callback soon (a microtask) and later (a macrotask).
 * Node and Bun both are such hosts; the simulator has its own.
 */
import type { TurnPort, TurnTask } from "./TurnPort.ts"

export interface TurnHost {
  /** After the host's current callback, before it waits: a microtask. */
  readonly soon: (callback: () => void) => void
  /** In a later callback of the host. */
  readonly later: (callback: () => void) => void
}

/** Told when a bracket opens and closes: the scheduler, which then knows who runs in it. */
export interface TurnWatch {
  begin(): void
  end(): void
}

export class Turn implements TurnPort {
  private depth = 0
  private armed = false
  private tasks: Array<TurnTask> = []
  private readonly host: TurnHost
  private readonly watch: TurnWatch | undefined
  private readonly drain = () => {
    this.armed = false
    this.run()
  }

  constructor(host: TurnHost, watch?: TurnWatch) {
    this.host = host
    this.watch = watch
  }

  enter(): void {
    if (this.depth++ === 0) this.watch?.begin()
  }

  leave(): void {
    if (--this.depth > 0) return
    try {
      if (this.tasks.length > 0) this.run()
    } finally {
      this.watch?.end()
    }
  }

  atEnd(task: TurnTask): void {
    this.tasks.push(task)
    if (this.depth === 0) this.arm()
  }

  private arm(): void {
    if (this.armed) return
    this.armed = true
    this.host.soon(this.drain)
  }

  later(callback: () => void): void {
    this.host.later(callback)
  }

  // Tasks collected while these run belong to the same turn, so the loop looks at the length again.
  // The array is kept: a turn that flushes one stream allocates nothing. A task that throws is a
  // defect for the host to report; the tasks behind it run in the next callback.
  private run(): void {
    const tasks = this.tasks
    let begun = 0
    try {
      while (begun < tasks.length) tasks[begun++]!.runAtTurnEnd()
    } finally {
      if (begun < tasks.length) {
        tasks.splice(0, begun)
        this.arm()
      } else tasks.length = 0
    }
  }
}
