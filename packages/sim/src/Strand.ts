/**
 * Tasks that keep their order among themselves: those of one fiber's dispatcher, the packets on
 * their way to one socket, the timers. Between strands, the world chooses.
 */
export type Task = () => void

/** What runs on a strand; part of the event log. */
export const StrandKind = { host: 0, fiber: 1, timer: 2, packet: 3, port: 4 } as const
export type StrandKind = (typeof StrandKind)[keyof typeof StrandKind]

export class Strand {
  readonly kind: StrandKind
  /** From 1, in order of creation, so that it means the same in every run of a seed. */
  readonly id: number
  private tasks: Array<Task> = []
  private priorities: Array<number> = []
  private head = 0

  constructor(kind: StrandKind, id: number) {
    this.kind = kind
    this.id = id
  }

  /** A lower number goes first, equal ones in order, as Effect's own dispatcher has it. */
  push(task: Task, priority: number): void {
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
