/** `digest` on both hosts, beside `sha256sum`, on real files. */
import { execFileSync } from "node:child_process"
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  writeFileSync
} from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { until } from "./Poll.ts"
import * as Proc from "./Proc.ts"
import { app, hosts, Program } from "./Program.ts"

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "digest-"))
  mkdirSync(join(folder, "tree/deep/er"), { recursive: true })
  const names = ["tree/b", "tree/a b", "tree/deep/new\nline", "tree/deep/er/back\\slash", "tree/ü"]
  for (const [index, name] of names.entries()) {
    writeFileSync(join(folder, name), new Uint8Array(index * 300_000).fill(index))
  }
  // Sparse, so that it costs time and no disk.
  const large = openSync(join(folder, "large"), "w")
  ftruncateSync(large, 64 * 1024 ** 3)
  closeSync(large)
})
afterAll(() => rmSync(folder, { recursive: true }))

const isThere = (() => {
  try {
    return execFileSync("sha256sum", ["--version"]).length > 0
  } catch {
    return false
  }
})()

const attemptsMax = 5

const byPath = (text: string) => text.split("\n").sort().join("\n")

describe.each(hosts)("digest on %s", { timeout: 90_000 }, (host) => {
  // Skipped where `sha256sum` (GNU coreutils) is not there to be compared with.
  it.skipIf(!isThere)("writes what sha256sum writes, which accepts it", async () => {
    const tree = join(folder, "tree")
    await using digest = new Program(app("digest", host, tree))
    expect(await digest.exit).toStrictEqual({ code: 0, signal: null })
    expect(digest.warnings).toBe("")
    const sums = execFileSync("find", [tree, "-type", "f", "-exec", "sha256sum", "{}", "+"])
    expect(byPath(digest.stdout)).toBe(byPath(sums.toString()))
    const checked = execFileSync("sha256sum", ["--check", "--quiet"], { input: digest.stdout })
    expect(checked.toString()).toBe("")
  })

  it("gives one sum and one complaint, and fails", async () => {
    const [there, nowhere] = [join(folder, "tree/b"), join(folder, "nowhere")]
    await using digest = new Program(app("digest", host, nowhere, there))
    expect((await digest.exit).code).toBe(1)
    expect(digest.stdout).toMatch(/^[0-9a-f]{64}  .*tree\/b\n$/)
    expect(digest.warnings).toContain(`digest: ${nowhere}: NotFound`)
    expect(digest.warnings).toContain("1 of 2 could not be read")
  })

  // Skipped where /proc does not tell that a thread is at it.
  describe.runIf(Proc.isHere)("while a thread stands in a read that does not end", () => {
    const start = async () => {
      const pipe = join(folder, `pipe-${host}`)
      execFileSync("mkfifo", ["-m", "600", pipe])
      const writer = openSync(pipe, "r+")
      const digest = new Program(app("digest", host, pipe))
      await until(
        () => Proc.hasOpen(digest.pid, pipe),
        (isOpen) => isOpen
      )
      const stop = async () => {
        await digest[Symbol.asyncDispose]()
        closeSync(writer)
        rmSync(pipe)
      }
      return { digest, [Symbol.asyncDispose]: stop }
    }

    it("ends after SIGINT, past that thread", async () => {
      await using started = await start()
      started.digest.kill("SIGINT")
      expect(await started.digest.exit).toStrictEqual({ code: 130, signal: null })
      expect(started.digest.stderr).toContain("Left past a thread that did not end\n")
    })

    it("ends at once after the second SIGINT", async () => {
      await using started = await start()
      const { digest } = started
      let hasEnded = false
      void digest.exit.then(() => (hasEnded = true))
      // Two that come too soon after each other are one; a third may end what says the exit code.
      const ask = () => {
        try {
          if (!hasEnded) digest.kill("SIGINT")
        } catch {
          // It has ended, which is told when its output has.
        }
        return hasEnded
      }
      await until(ask, (isOver) => isOver)
      const { code, signal } = await digest.exit
      expect([130, "SIGINT"]).toContain(code ?? signal)
      expect(digest.stderr).toContain("Left at the second signal, SIGINT")
    })
  })

  it("stops a hash of 64 GiB within moments of SIGINT", async () => {
    const paths = [join(folder, "tree/b"), join(folder, "large")]
    let quickest = Infinity
    // The grace of a thread that does not look at its flag is a second: then none is quicker. One
    // that looks may have to wait for a busy machine.
    for (let attempt = 0; attempt < attemptsMax && quickest > 900; attempt++) {
      await using digest = new Program(app("digest", host, ...paths))
      await digest.line()
      const asked = performance.now()
      digest.kill("SIGINT")
      expect((await digest.exit).code).toBe(130)
      quickest = Math.min(quickest, performance.now() - asked)
    }
    expect(quickest).toBeLessThan(900)
  })
})
