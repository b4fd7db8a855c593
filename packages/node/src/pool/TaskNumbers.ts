/** Short numbers for the tasks that a lane has seen. */
import type { TaskName } from "./WorkerMessages.ts"

export class TaskNumbers {
  readonly names: Array<TaskName> = []
  private readonly byText = new Map<string, number>()
  // A program makes a reference once and uses it often.
  private readonly byReference = new WeakMap<TaskName, number>()

  /** `onFresh` is told of one that was never seen. */
  of(task: TaskName, onFresh: (number: number, name: TaskName) => void): number {
    const known = this.byReference.get(task)
    if (known !== undefined) return known
    const text = `${task.export} ${task.module}`
    let number = this.byText.get(text)
    if (number === undefined) {
      number = this.names.length
      const name = { module: task.module, export: task.export }
      this.names.push(name)
      this.byText.set(text, number)
      onFresh(number, name)
    }
    this.byReference.set(task, number)
    return number
  }
}
