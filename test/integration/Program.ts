/**
 * A program started as a user starts it: a process of its own, with its output read by line.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { EventEmitter, once } from "node:events"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

export type Host = "node" | "bun"
export const hosts: ReadonlyArray<Host> = ["node", "bun"]

const root = fileURLToPath(new URL("../..", import.meta.url))
const bin = (name: string) => `${root}node_modules/.bin/${name}`

/** `pnpm app <name> --on <host> …` without pnpm: the launcher becomes the app, under one pid. */
export const app = (name: string, host: Host, ...options: ReadonlyArray<string>) => [
  bin("node"),
  "-C",
  "source",
  `${root}apps/launcher/src/main.ts`,
  name,
  "--on",
  host,
  ...options
]

/** `pnpm demo` without pnpm. */
export const demo = () => [bin("node"), "-C", "source", `${root}apps/demo/src/main.ts`]

/** A file of this folder on a host. */
export const file = (path: string, host: Host, ...options: ReadonlyArray<string>) => [
  ...(host === "node" ? [bin("node"), "-C", "source"] : [bin("bun"), "--conditions=source"]),
  fileURLToPath(new URL(path, import.meta.url)),
  ...options
]

export interface StartOptions {
  /** `ulimit -n` of the process. Default: this one's. */
  readonly descriptorsMax?: number
}

export interface Exit {
  readonly code: number | null
  readonly signal: string | null
}

const limitMs = 60_000

export class Program implements AsyncDisposable {
  readonly pid: number
  readonly exit: Promise<Exit>
  stdout = ""
  stderr = ""
  readonly #child: ChildProcess
  readonly #changes = new EventEmitter()
  readonly #lines: Array<string> = []
  #exited: Exit | undefined

  constructor(command: ReadonlyArray<string>, options: StartOptions = {}) {
    const limited =
      options.descriptorsMax === undefined
        ? command
        : ["bash", "-c", `ulimit -n ${options.descriptorsMax} && exec "$@"`, "bash", ...command]
    this.#child = spawn(limited[0]!, limited.slice(1), { stdio: "pipe" })
    this.pid = this.#child.pid!
    this.exit = new Promise((resolve) => {
      this.#child.once("close", (code, signal) => {
        this.#exited = { code, signal }
        this.#changes.emit("change")
        resolve(this.#exited)
      })
    })
    // Writing to a program that has ended is told by its exit.
    this.#child.stdin!.on("error", () => {})
    this.#child.stderr!.on("data", (text) => {
      this.stderr += text
      this.#changes.emit("change")
    })
    createInterface({ input: this.#child.stdout! }).on("line", (line) => {
      this.stdout += `${line}\n`
      this.#lines.push(line)
      this.#changes.emit("change")
    })
  }

  /** The next line of standard output. Fails when the program ends first, or after 20 seconds. */
  readonly line = (): Promise<string> => this.#until("a line", () => this.#lines.shift())

  /** Waits until standard error holds `text`, or holds it so many times. Fails likewise. */
  readonly log = async (text: string, times = 1): Promise<void> => {
    await this.#until(text, () => (this.stderr.split(text).length > times ? true : undefined))
  }

  /** Standard error without those who held the loop: on a busy machine anybody may. */
  get warnings(): string {
    return this.stderr.replaceAll(/^.*The event loop was held .*\n/gm, "")
  }

  readonly send = (line: string): void => void this.#child.stdin!.write(`${line}\n`)

  readonly kill = (signal: NodeJS.Signals): void => void process.kill(this.pid, signal)

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#exited === undefined) this.#child.kill("SIGKILL")
    await this.exit
  }

  async #until<A>(what: string, take: () => A | undefined): Promise<A> {
    const signal = AbortSignal.timeout(limitMs)
    while (true) {
      const taken = take()
      if (taken !== undefined) return taken
      if (this.#exited !== undefined || signal.aborted) {
        const state = this.#exited === undefined ? "is silent" : JSON.stringify(this.#exited)
        throw new Error(`Waited for ${what}: the program ${state}\n${this.stdout}\n${this.stderr}`)
      }
      await once(this.#changes, "change", { signal }).catch(() => {})
    }
  }
}
