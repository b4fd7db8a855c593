/** A first-in first-out queue of tasks that allocates only when it grows. */
export type Task = () => void

export class TaskQueue {
  private tasks: Array<Task | undefined> = Array.from({ length: 64 })
  private head = 0
  private count = 0

  get length(): number {
    return this.count
  }

  push(task: Task): void {
    if (this.count === this.tasks.length) this.grow()
    this.tasks[(this.head + this.count) & (this.tasks.length - 1)] = task
    this.count++
  }

  /** The task that has waited longest; there must be one. */
  shift(): Task {
    const task = this.tasks[this.head]!
    this.tasks[this.head] = undefined
    this.head = (this.head + 1) & (this.tasks.length - 1)
    this.count--
    return task
  }

  // Lengths are powers of two, so that a place is a mask away.
  private grow(): void {
    const length = this.tasks.length
    const grown: Array<Task | undefined> = Array.from({ length: length * 2 })
    for (let index = 0; index < length; index++) {
      grown[index] = this.tasks[(this.head + index) & (length - 1)]
    }
    this.tasks = grown
    this.head = 0
  }
}
