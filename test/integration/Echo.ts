/**
 * The echo app, started and ready, and what its `ready` line says.
 */
import type * as Net from "node:net"
import { app, type Host, Program, type StartOptions } from "./Program.ts"

export class Echo extends Program {
  ready = ""

  /** Where clients connect to. */
  get address(): Net.NetConnectOpts {
    const url = new URL(this.ready.slice("ready ".length))
    return url.protocol === "unix:"
      ? { path: url.pathname }
      : { host: url.hostname, port: Number(url.port) }
  }
}

/** Starts echo with `options` (port 0 when they name no address) and waits until it serves. */
export const startEcho = async (
  host: Host,
  options: ReadonlyArray<string> = [],
  startOptions: StartOptions = {}
): Promise<Echo> => {
  const named = options.includes("--port") || options.includes("--path")
  const echo = new Echo(
    app("echo", host, ...(named ? [] : ["--port", "0"]), ...options),
    startOptions
  )
  echo.ready = await echo.line().catch(async (error: unknown) => {
    await echo[Symbol.asyncDispose]()
    throw error
  })
  return echo
}
