/**
 * The threads that lanes have in this process, and its end past those that do not end.
 *
 * A host joins every thread before its process exits, and nothing in a process ends a thread that
 * stands in a system call (a read of a pipe without a writer, a disk behind a lost network): Node
 * waits for it for ever, deaf to signals.
 */
import { existsSync } from "node:fs"

export interface LaneThread {
  /** It was told to end, and did not in time. */
  readonly isOverdue: boolean
}

const living = new Set<LaneThread>()

export const began = (thread: LaneThread): void => void living.add(thread)
export const ended = (thread: LaneThread): void => void living.delete(thread)

/** How many threads run, or of these only those that are overdue. */
export const count = (which: "all" | "overdue"): number =>
  which === "all" ? living.size : Array.from(living).filter(({ isOverdue }) => isOverdue).length

const shell = "/bin/sh"

/**
 * Ends the process and every thread of it at once, with this exit code, by becoming a program that
 * does no more than that (execve(2) ends all other threads). Where the host cannot, by SIGKILL.
 */
export const endProcess = (exitCode: number): never => {
  if (process.execve !== undefined && existsSync(shell)) {
    process.execve(shell, [shell, "-c", `exit ${exitCode & 0xff}`], {})
  }
  process.kill(process.pid, "SIGKILL")
  throw new Error("A process that killed itself goes on")
}
