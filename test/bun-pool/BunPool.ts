/**
 * A Vitest pool whose workers are Bun processes, hosted by Vitest on Node.
 *
 * `bun --bun vitest` cannot fork workers, so Vitest itself stays on Node and only the test files
 * run on Bun; `worker.ts` is the other half. A worker that dies makes the child emit "exit", which
 * Vitest reports as a failure of the file it was running.
 *
 * `PoolRunnerInitializer` is experimental: Vitest is pinned exactly.
 */
import { type ChildProcess, fork } from "node:child_process"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import type { PoolOptions, PoolRunnerInitializer, PoolWorker, WorkerRequest } from "vitest/node"
import { decode, encode } from "./Wire.ts"

type Listener = Parameters<PoolWorker["on"]>[1]

const killAfterMillis = 500

const workerFile = fileURLToPath(new URL("./worker.ts", import.meta.url))

// The executable itself, not `.bin/bun`: a signal must reach Bun and not a shell around it.
const bunExecutable = join(
  dirname(createRequire(import.meta.url).resolve("bun/package.json")),
  "bin/bun.exe"
)

class BunWorker implements PoolWorker {
  readonly name = "bun"
  // Transformed modules are handed over as files, not through the channel.
  readonly cacheFs = true
  private readonly options: PoolOptions
  private child: ChildProcess | undefined

  constructor(options: PoolOptions) {
    this.options = options
  }

  async start(): Promise<void> {
    const { errorStream, outputStream } = this.options.project.vitest.logger
    const child = fork(workerFile, [], {
      execPath: bunExecutable,
      execArgv: ["--conditions=source"],
      env: this.options.env as NodeJS.ProcessEnv,
      stdio: "pipe",
      serialization: "json"
    })
    child.stdout!.pipe(outputStream, { end: false })
    child.stderr!.pipe(errorStream, { end: false })
    // A worker that is blocked does not notice that Vitest is gone.
    const kill = () => child.kill("SIGKILL")
    process.once("exit", kill)
    child.once("exit", () => process.off("exit", kill))
    this.child = child
  }

  async stop(): Promise<void> {
    const child = this.running
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()))
    const timer = setTimeout(() => child.kill("SIGKILL"), killAfterMillis)
    child.kill()
    await exited
    clearTimeout(timer)
  }

  send(message: WorkerRequest): void {
    // Without a callback a failed send is an "error" event, which may find no listener. It fails
    // only when the worker is gone, and then "exit" says so.
    this.running.send(encode(message), () => {})
  }

  deserialize(data: unknown): unknown {
    return decode(data as string)
  }

  on(event: string, listener: Listener): void {
    this.running.on(event, listener)
  }

  off(event: string, listener: Listener): void {
    this.running.off(event, listener)
  }

  private get running(): ChildProcess {
    if (this.child === undefined) throw new Error("Cannot use a Bun worker: not started")
    return this.child
  }
}

export const bunPool: PoolRunnerInitializer = {
  name: "bun",
  createPoolWorker: (options) => new BunWorker(options)
}
