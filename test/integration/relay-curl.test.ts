/** The relay under `curl`, to a web server on loopback. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { Readable } from "node:stream"
import { describe, expect, it } from "vitest"
import { curl, isHere } from "./Curl.ts"
import { blocks, HttpTarget, sha256 } from "./HttpTarget.ts"
import { hosts } from "./Program.ts"
import { startRelay } from "./Relay.ts"

/** Nightly: 1024. */
const transferBytes = Number(process.env["RELAY_TRANSFER_MIB"] ?? 64) * 1024 * 1024
const transferMs = Math.max(90_000, transferBytes / 10_000)

const refusedByProxy = 97
const suffix = isHere ? "" : " (skipped: no curl: apt install curl)"

describe.skipIf(!isHere).for(hosts)(`the relay on %s under curl${suffix}`, (host) => {
  it("leads to IPv4, to IPv6 and to a name, looked up by curl or by the relay", async () => {
    await using target = await HttpTarget.start()
    await using relay = await startRelay(host)
    expect(relay.ready).toMatch(/^ready socks5:\/\/127\.0\.0\.1:\d+$/)
    for (const way of ["--socks5", "--socks5-hostname"]) {
      for (const [name, peer] of [
        ["127.0.0.1", /^127\.0\.0\.1 \d+$/],
        ["[::1]", /^::1 \d+$/],
        ["localhost", /^(127\.0\.0\.1|::1) \d+$/]
      ] as const) {
        const url = `http://${name}:${target.port}/who`
        const received = await curl([way, relay.authority, url])
        expect(received).toMatchObject({ code: 0, stderr: "" })
        expect(received.text).toMatch(peer)
      }
    }
    expect(await relay.stop()).toBe("0")
    expect(relay.stderr).toContain(" finished=6 lost=0 ")
  }, 90_000)

  it("listens on IPv6", async () => {
    await using target = await HttpTarget.start()
    await using relay = await startRelay(host, "--host", "::1")
    const url = `http://127.0.0.1:${target.port}/who`
    const { text } = await curl(["--proxy", `socks5h://${relay.authority}`, url])
    expect(text).toMatch(/^127\.0\.0\.1 \d+$/)
  }, 90_000)

  it("serves who has a password, and nobody else, and logs none", async () => {
    const folder = mkdtempSync(join(tmpdir(), "portico-"))
    const file = join(folder, "users")
    writeFileSync(file, "bob:se:same\n\ncid:poppy\n")
    try {
      await using target = await HttpTarget.start()
      const users = ["--user", "ann:lavender", "--users-file", file]
      await using relay = await startRelay(host, ...users, "--log-level", "debug")
      const via = ["--socks5-hostname", relay.authority]
      const url = `http://localhost:${target.port}/who`
      const as = (user: string) => curl([...via, "--proxy-user", user, url])
      for (const user of ["ann:lavender", "bob:se:same", "cid:poppy"]) {
        expect(await as(user)).toMatchObject({ code: 0 })
      }
      for (const user of ["ann:poppy", "bob:se", "eve:lavender"]) {
        const { code, stderr } = await as(user)
        expect(code).toBe(refusedByProxy)
        expect(stderr).toContain("User was rejected by the SOCKS5 server")
      }
      expect(await curl([...via, url])).toMatchObject({ code: refusedByProxy })
      expect(await relay.stop()).toBe("0")
      expect(relay.stderr).toContain(" refused=4 ")
      expect(relay.stderr).toMatch(/level=INFO .*Wrong name or password of user .*eve/)
      expect(relay.stderr).not.toMatch(/lavender|same|poppy/)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }, 90_000)

  it("says why a target cannot be reached", async () => {
    await using relay = await startRelay(host)
    const closed = await HttpTarget.start()
    await closed[Symbol.asyncDispose]()
    for (const [name, code] of [
      [`127.0.0.1:${closed.port}`, 5],
      [`nowhere.invalid:${closed.port}`, 4]
    ] as const) {
      const received = await curl(["--socks5-hostname", relay.authority, `http://${name}/`])
      expect(received.code).toBe(refusedByProxy)
      expect(received.stderr).toContain(`(${code})`)
    }
  }, 90_000)

  it(
    `carries ${transferBytes / 1024 / 1024} MiB down and up, byte for byte`,
    async () => {
      await using target = await HttpTarget.start()
      await using relay = await startRelay(host)
      const expected = sha256(blocks(transferBytes))
      const via = ["--socks5-hostname", relay.authority]
      const began = performance.now()
      const down = await curl([...via, `http://localhost:${target.port}/blocks/${transferBytes}`])
      const between = performance.now()
      expect(down).toMatchObject({ code: 0, bytes: transferBytes, sha256: expected })
      const upload = [...via, "--upload-file", "-", `http://localhost:${target.port}/up`]
      const up = await curl(upload, Readable.from(blocks(transferBytes)))
      expect(up).toMatchObject({ code: 0, text: expected })
      const ended = performance.now()
      const seconds = (from: number, to: number) => ((to - from) / 1000).toFixed(2)
      console.info(
        `${host}: ${transferBytes / 1024 / 1024} MiB down in ${seconds(began, between)} s, ` +
          `up in ${seconds(between, ended)} s`
      )
      expect(await relay.stop()).toBe("0")
    },
    transferMs
  )

  it("forwards to one target, whatever is sent", async () => {
    await using target = await HttpTarget.start()
    await using relay = await startRelay(host, "--forward", `localhost:${target.port}`)
    expect(relay.ready).toMatch(/^ready tcp:\/\/127\.0\.0\.1:\d+$/)
    const { text } = await curl([`http://${relay.authority}/who`])
    expect(text).toMatch(/^(127\.0\.0\.1|::1) \d+$/)
  }, 90_000)

  it("tells its statistics on SIGUSR1, again and again, and goes on", async () => {
    await using target = await HttpTarget.start()
    await using relay = await startRelay(host)
    const url = `http://localhost:${target.port}/blocks/100000`
    for (const times of [1, 2, 3]) {
      expect(await curl(["--socks5-hostname", relay.authority, url])).toMatchObject({ code: 0 })
      relay.kill("SIGUSR1")
      await relay.log("statistics accepted=", times)
      expect(relay.stderr).toContain(`statistics accepted=${times} `)
    }
    expect(relay.stdout.split("\n")).toHaveLength(2)
    expect(await relay.stop()).toBe("0")
  }, 90_000)
})
