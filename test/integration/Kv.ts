/** The key-value server, started and ready, and a client that knows as much of RESP as it needs. */
import { execFile, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import * as Net from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { app, type Host, Program } from "./Program.ts"

const isThere = (program: string): boolean => spawnSync(program, ["--version"]).error === undefined

export const hasRedisTools = isThere("redis-cli") && isThere("redis-benchmark")

export class Kv extends Program {
  ready = ""

  get port(): number {
    return Number(new URL(this.ready.slice("ready ".length)).port)
  }

  /** What a tool prints that asks this server. */
  readonly tool = (name: string, ...options: ReadonlyArray<string>): Promise<string> =>
    new Promise((resolve, reject) => {
      const all = ["-h", "127.0.0.1", "-p", String(this.port), ...options]
      execFile(name, all, { encoding: "utf8", timeout: 90_000 }, (error, stdout, stderr) =>
        error === null ? resolve(stdout) : reject(new Error(`${error.message}\n${stdout}${stderr}`))
      )
    })

  readonly cli = (...options: ReadonlyArray<string>): Promise<string> =>
    this.tool("redis-cli", ...options).then((text) => text.trimEnd())
}

/** A data directory, until it is disposed of. */
export class DataFolder implements Disposable {
  readonly path = join(mkdtempSync(join(tmpdir(), "portico-")), "data");

  [Symbol.dispose](): void {
    rmSync(join(this.path, ".."), { recursive: true })
  }
}

/** Starts the server on a port of the host's choice, and waits until it answers. */
export const startKv = async (
  host: Host,
  data: DataFolder,
  ...options: ReadonlyArray<string>
): Promise<Kv> => {
  const kv = new Kv(app("kv", host, "--port", "0", "--data", data.path, ...options))
  kv.ready = await kv.line().catch(async (error: unknown) => {
    await kv[Symbol.asyncDispose]()
    throw error
  })
  return kv
}

/** Sends lines, and gives the reply's lines one by one: enough for values without line ends. */
export class LineClient implements Disposable {
  readonly socket: Net.Socket
  private readonly lines: AsyncIterator<string>

  private constructor(socket: Net.Socket) {
    this.socket = socket
    // Whoever is killed resets its connections.
    socket.on("error", () => {})
    this.lines = createInterface({ input: socket })[Symbol.asyncIterator]()
  }

  static async connect(port: number): Promise<LineClient> {
    const socket = Net.connect({ host: "127.0.0.1", port, noDelay: true })
    await once(socket, "connect")
    return new LineClient(socket)
  }

  send(...words: ReadonlyArray<number | string>): void {
    const parts = words.map(String).map((word) => `$${word.length}\r\n${word}\r\n`)
    this.socket.write(`*${parts.length}\r\n${parts.join("")}`)
  }

  /** The next line; undefined when the connection has ended, or was reset. */
  async line(): Promise<string | undefined> {
    const next = await this.lines.next().catch(() => undefined)
    return next === undefined || next.done === true ? undefined : next.value
  }

  /** A string's bytes as text; undefined when there is none. */
  async bulk(): Promise<string | undefined> {
    const head = await this.line()
    return head === "$-1" || head === undefined ? undefined : this.line()
  }

  [Symbol.dispose](): void {
    this.socket.destroy()
  }
}
