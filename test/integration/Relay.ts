/**
 * The relay app, started and ready, and what its `ready` line says.
 */
import { app, type Host, Program } from "./Program.ts"

export class Relay extends Program {
  ready = ""

  /** What follows `ready`: its scheme, address and port. */
  get url(): URL {
    return new URL(this.ready.slice("ready ".length))
  }

  /** `127.0.0.1:1080`, `[::1]:1080`. */
  get authority(): string {
    return `${this.url.hostname}:${this.url.port}`
  }

  /** Sends SIGTERM and waits for its end; gives how many handles were left open. */
  async stop(): Promise<string | undefined> {
    this.kill("SIGTERM")
    const { code, signal } = await this.exit
    if (code !== 0) throw new Error(`Relay exited with ${code} ${signal}: ${this.stderr}`)
    return /drained .*handles=(\d+)/.exec(this.stderr)?.[1]
  }
}

/** Starts a relay with `options` (port 0 when they name none) and waits until it serves. */
export const startRelay = async (host: Host, ...options: ReadonlyArray<string>): Promise<Relay> => {
  const port = options.includes("--port") ? [] : ["--port", "0"]
  const relay = new Relay(app("relay", host, ...port, ...options))
  relay.ready = await relay.line().catch(async (error: unknown) => {
    await relay[Symbol.asyncDispose]()
    throw error
  })
  return relay
}
