/**
 * Ending a process that has threads which do not end.
 *
 * A host joins its threads before it exits, those of workers and those of its pool, and nothing in
 * a process ends a thread that stands in a system call (a read of a pipe without a writer, a disk
 * behind a lost network): Node waits for it for ever, deaf to signals.
 */
import { existsSync } from "node:fs"
import { hostResources } from "./loop/NodeResources.ts"
import * as LaneThreads from "./pool/LaneThreads.ts"

const shell = "/bin/sh"

/**
 * Ends the process and every thread of it at once, by becoming a program that does no more than
 * exit (execve(2) ends all other threads). Where the host cannot, by SIGKILL.
 */
export const endProcess = (exitCode: number): void => {
  if (process.execve !== undefined && existsSync(shell)) {
    process.execve(shell, [shell, "-c", `exit ${exitCode & 0xff}`], {})
  }
  process.kill(process.pid, "SIGKILL")
}

/** What threads of the host's pool do for this process. */
const request = /^(FSReq|GetAddrInfoReq|GetNameInfoReq)/

/** Whether there are threads that may not let the process exit. */
export const mayNotExit = (): boolean =>
  LaneThreads.count() > 0 || hostResources().some((name) => request.test(name))
