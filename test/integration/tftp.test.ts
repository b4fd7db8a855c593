/** `tftp` on both hosts, with curl, which speaks RFC 1350 and 2347 to 2349. */
import { execFile } from "node:child_process"
import { createHash, randomBytes } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { promisify } from "node:util"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { app, hosts, Program } from "./Program.ts"

/** 4 MB; `TFTP_BYTES=100000000` for more. */
const bytes = Number(process.env["TFTP_BYTES"] ?? 4_000_000)
/** Of one transfer, of which there are two of 512 bytes a round trip, and two of 8 KiB. */
const secondsMax = 60 + bytes / 1_000_000

const run = promisify(execFile)
const curl = (...options: ReadonlyArray<string>) =>
  run("curl", ["-sS", "-m", String(secondsMax), ...options])

const sumOf = (path: string) => createHash("sha256").update(readFileSync(path)).digest("hex")

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "tftp-"))
  writeFileSync(join(folder, "large"), randomBytes(bytes))
})
afterAll(() => rmSync(folder, { recursive: true }))

const speaksTftp = await run("curl", ["-V"]).then(
  ({ stdout }) => stdout.includes(" tftp"),
  () => false
)

const start = async (host: "node" | "bun", ...options: ReadonlyArray<string>) => {
  const server = new Program(app("tftp", host, "--root", folder, "--port", "0", ...options))
  const ready = await server.line()
  return { server, url: ready.replace("ready ", "") }
}

// Skipped where curl is missing, or was built without TFTP.
describe.skipIf(!speaksTftp).each(hosts)("tftp on %s", (host) => {
  it("carries a file both ways, and drains", { timeout: 2_000 * secondsMax }, async () => {
    const { server, url } = await start(host)
    await using _ = server
    const [large, down] = [join(folder, "large"), join(folder, `down-${host}`)]
    for (const blockBytes of [512, 8_192]) {
      const size = ["--tftp-blksize", String(blockBytes)]
      await curl(...size, `${url}/large`, "-o", down)
      expect(sumOf(down)).toBe(sumOf(large))
      await curl(...size, "-T", down, `${url}/up-${host}`)
      expect(sumOf(join(folder, `up-${host}`))).toBe(sumOf(large))
    }
    server.kill("SIGTERM")
    expect(await server.exit).toStrictEqual({ code: 0, signal: null })
    expect(server.stderr).toContain("drained cut=0 handles=0")
    expect(server.stderr).toContain(`bytes=${bytes}`)
  })

  it("refuses what is not there, and what it may not take", { timeout: 90_000 }, async () => {
    const { server, url } = await start(host, "--read-only")
    await using _ = server
    // CURLE_TFTP_NOTFOUND and CURLE_TFTP_PERM.
    await expect(curl(`${url}/nothing`)).rejects.toMatchObject({ code: 68 })
    await expect(curl("--path-as-is", `${url}/../passwd`)).rejects.toMatchObject({ code: 69 })
    await expect(curl("-T", join(folder, "large"), `${url}/new`)).rejects.toMatchObject({
      code: 69
    })
  })
})
