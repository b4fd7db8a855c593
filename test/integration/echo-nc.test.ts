/** Echo under `nc`, the client that everybody has. */
import { execFile, spawnSync } from "node:child_process"
import { randomBytes } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { startEcho } from "./Echo.ts"
import { hosts } from "./Program.ts"

// OpenBSD's nc half-closes at the end of its input only when told to: -N, which others lack.
const halfCloses = /^\s*-N\b/m.test(spawnSync("nc", ["-h"], { encoding: "utf8" }).stderr ?? "")
const suffix = halfCloses ? "" : " (skipped: no nc with -N: apt install netcat-openbsd)"

const nc = (options: ReadonlyArray<string>, input: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const settings = { encoding: "buffer", maxBuffer: 64 * 1024 * 1024, timeout: 60_000 } as const
    const child = execFile("nc", ["-N", ...options], settings, (error, stdout) =>
      error === null ? resolve(stdout) : reject(error)
    )
    child.stdin!.end(input)
  })

describe.skipIf(!halfCloses).for(hosts)(
  `echo on %s under nc${suffix}`,
  { concurrent: true },
  (host) => {
    it("gives back a line over TCP", async () => {
      await using echo = await startEcho(host)
      const url = new URL(echo.ready.slice("ready ".length))
      const answer = await nc([url.hostname, url.port], Buffer.from("hello, world\n"))
      expect(answer.toString()).toBe("hello, world\n")
    }, 90_000)

    it("gives back 8 MiB, byte for byte, over TCP", async () => {
      await using echo = await startEcho(host)
      const url = new URL(echo.ready.slice("ready ".length))
      const sent = randomBytes(8 * 1024 * 1024)
      const answer = await nc([url.hostname, url.port], sent)
      expect(answer.equals(sent)).toBe(true)
    }, 90_000)

    it("gives back 8 MiB, byte for byte, over a Unix path", async () => {
      const folder = mkdtempSync(join(tmpdir(), "portico-"))
      try {
        await using _echo = await startEcho(host, ["--path", join(folder, "echo.sock")])
        const sent = randomBytes(8 * 1024 * 1024)
        const answer = await nc(["-U", join(folder, "echo.sock")], sent)
        expect(answer.equals(sent)).toBe(true)
      } finally {
        rmSync(folder, { recursive: true })
      }
    }, 90_000)
  }
)
