/**
 * The tail app, started and ready, a folder for its files, and a client of it.
 */
import * as Net from "node:net"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { app, type Host, Program } from "./Program.ts"

export class Folder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "tail-"));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true })
  }
}

export class Tail extends Program {
  ready = ""

  get port(): number {
    return Number(new URL(this.ready.slice("ready ".length)).port)
  }

  /** Sends SIGTERM and waits for its end; gives how many handles were left open. */
  async stop(): Promise<string | undefined> {
    this.kill("SIGTERM")
    const { code, signal } = await this.exit
    if (code !== 0) throw new Error(`Tail exited with ${code} ${signal}: ${this.stderr}`)
    return /drained .*handles=(\d+)/.exec(this.stderr)?.[1]
  }
}

/** Starts tail on a port of the host's choice, and waits until it follows. */
export const startTail = async (host: Host, ...options: ReadonlyArray<string>): Promise<Tail> => {
  const tail = new Tail(app("tail", host, "--port", "0", "--log-level", "debug", ...options))
  tail.ready = await tail.line().catch(async (error: unknown) => {
    await tail[Symbol.asyncDispose]()
    throw error
  })
  return tail
}

/** A connection that is served already, and all that it received. */
export class Subscriber {
  text = ""
  readonly ended: Promise<void>
  readonly socket: Net.Socket

  private constructor(socket: Net.Socket) {
    this.socket = socket
    socket.setEncoding("utf8").on("data", (text) => void (this.text += text))
    this.ended = new Promise((resolve) => socket.once("close", () => resolve()))
    // A reset is what a slow one gets.
    socket.on("error", () => {})
  }

  static async connect(tail: Tail, already = 0): Promise<Subscriber> {
    const subscriber = new Subscriber(Net.connect(tail.port, "127.0.0.1"))
    await tail.log(" subscribed ".trim(), already + 1)
    return subscriber
  }
}
