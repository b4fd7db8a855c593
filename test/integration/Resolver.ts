/**
 * The resolver app, started and ready, and `dig`, which asks it.
 */
import { execFile, spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { app, type Host, Program } from "./Program.ts"

export const hasDig = spawnSync("dig", ["-v"]).error === undefined

export class Resolver extends Program {
  ready = ""

  get port(): number {
    return Number(new URL(this.ready.slice("ready ".length)).port)
  }

  /**
   * What `dig` prints. It tries three times: its sockets have SO_REUSEPORT, so that of many at once
   * two may be given one port, and then one of them never sees its answer.
   */
  readonly dig = (...options: ReadonlyArray<string>): Promise<string> =>
    new Promise((resolve, reject) => {
      const arguments_ = ["@127.0.0.1", "-p", String(this.port), "+tries=3", "+time=4", ...options]
      execFile("dig", arguments_, { encoding: "utf8", timeout: 90_000 }, (error, stdout) =>
        error === null ? resolve(stdout) : reject(new Error(`${error.message}\n${stdout}`))
      )
    })
}

/** Starts the resolver on a port of the host's choice, and waits until it answers. */
export const startResolver = async (
  host: Host,
  ...options: ReadonlyArray<string>
): Promise<Resolver> => {
  const resolver = new Resolver(app("resolver", host, "--port", "0", ...options))
  resolver.ready = await resolver.line().catch(async (error: unknown) => {
    await resolver[Symbol.asyncDispose]()
    throw error
  })
  return resolver
}

/** A zone file, until it is disposed of. */
export class ZoneFile implements Disposable {
  readonly path: string
  private readonly folder = mkdtempSync(join(tmpdir(), "portico-"))

  constructor(text: string) {
    this.path = join(this.folder, "test.zone")
    writeFileSync(this.path, text)
  }

  [Symbol.dispose](): void {
    rmSync(this.folder, { recursive: true })
  }
}
