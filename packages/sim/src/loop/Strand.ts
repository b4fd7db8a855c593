/**
 * Tasks that keep their order among themselves: those of one fiber's dispatcher, the packets on
 * their way to one socket, the timers. Between strands, the world chooses.
 */
export type Task = () => void

/** What runs on a strand, which decides its phase; part of the event log. */
export const StrandKind = {
  /** Callbacks that were put off: phase `pending`. */
  host: 0,
  /** Fibers: phase `check`. */
  fiber: 1,
  /** Phase `timers`. The world has one such strand. */
  timer: 2,
  /** The kernel's own steps, which no program sees: they precede the events in phase `poll`. */
  packet: 3,
  /** Events of ports: phase `poll`. */
  port: 4,
  /** Reports of closed handles: phase `closing`. */
  closing: 5,
  /** Turns that were armed: phase `check`, before the fibers. */
  turn: 6,
  /** Callbacks of hooks: any phase, when it is entered. */
  hook: 7
} as const
export type StrandKind = (typeof StrandKind)[keyof typeof StrandKind]

export class Strand {
  readonly kind: StrandKind
  /** From 1, in order of creation, so that it means the same in every run of a seed. */
  readonly id: number
  /** When its first task became that; counted in picks of its list. */
  firstSince = 0
  /** The priority that a strategy gave it; undefined until one did. */
  rank: number | undefined = undefined
  /** Tasks that were ever put here, and how many of them a strategy has looked at. */
  pushed = 0
  ranked = 0
  /** Tasks that are held back, and until when, in nanoseconds. */
  held = 0
  heldUntil = 0
  private tasks: Array<Task> = []
  private priorities: Array<number> = []
  private head = 0

  constructor(kind: StrandKind, id: number) {
    this.kind = kind
    this.id = id
  }

  get length(): number {
    return this.tasks.length - this.head
  }

  /** A lower number goes first, equal ones in order, as Effect's own dispatcher has it. */
  push(task: Task, priority: number): void {
    this.pushed++
    let index = this.tasks.length
    while (index > this.head && this.priorities[index - 1]! > priority) index--
    if (index === this.tasks.length) {
      this.tasks.push(task)
      this.priorities.push(priority)
    } else {
      this.tasks.splice(index, 0, task)
      this.priorities.splice(index, 0, priority)
    }
  }

  /** The next task; there must be one. */
  shift(): Task {
    // Most strands have one, and setting a length costs more than all the rest on Bun.
    if (this.tasks.length === 1) {
      this.priorities.pop()
      return this.tasks.pop()!
    }
    const task = this.tasks[this.head]!
    this.tasks[this.head++] = nothing
    if (this.head === this.tasks.length) {
      this.tasks.length = 0
      this.priorities.length = 0
      this.head = 0
    } else if (this.head >= 1024) {
      this.tasks.splice(0, this.head)
      this.priorities.splice(0, this.head)
      this.head = 0
    }
    return task
  }
}

// Overwrites a taken task, so that what it captured can be collected.
const nothing: Task = () => {}
