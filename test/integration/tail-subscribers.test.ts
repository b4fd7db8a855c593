/** The tail app and its subscribers: `nc`, one that does not read, and one that goes away. */
import { execFileSync, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { appendFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { until } from "./Poll.ts"
import { app, hosts, Program } from "./Program.ts"
import { Folder, startTail, Subscriber } from "./Tail.ts"

const hasNc = spawnSync("nc", ["-h"]).error === undefined

describe.for(hosts)("tail on %s", (host) => {
  // Skipped where there is no nc to be the client.
  it.skipIf(!hasNc)(
    `streams to nc, and ends it at its end`,
    async () => {
      using folder = new Folder()
      const log = join(folder.path, "log")
      writeFileSync(log, "old\n")
      await using tail = await startTail(host, log)
      const nc = spawn("nc", ["127.0.0.1", String(tail.port)], {
        stdio: ["ignore", "pipe", "pipe"]
      })
      const ended = once(nc, "close")
      let received = ""
      nc.stdout.setEncoding("utf8").on("data", (text: string) => void (received += text))
      await tail.log("subscribed")
      appendFileSync(log, "one\ntwo\n")
      expect(await tail.line()).toBe("one")
      expect(await tail.line()).toBe("two")
      // Standard output follows the file by itself, and may be ahead of those who connected.
      await until(
        () => received,
        (text) => text === "one\ntwo\n"
      )
      expect(await tail.stop()).toBe("0")
      await ended
      expect(received).toBe("one\ntwo\n")
    },
    90_000
  )

  it("refuses a pipe, whose open would wait for who writes", async () => {
    using folder = new Folder()
    const pipe = join(folder.path, "pipe")
    execFileSync("mkfifo", [pipe])
    await using tail = new Program(app("tail", host, "--port", "0", pipe))
    expect((await tail.exit).code).toBe(1)
    expect(tail.warnings).toContain("regular file")
  }, 90_000)

  it("cuts off who does not read, and the others get every line in time", async () => {
    using folder = new Folder()
    const log = join(folder.path, "log")
    await using tail = await startTail(host, "--quiet", "--subscriber-bytes-max", "100000", log)
    const slow = await Subscriber.connect(tail)
    slow.socket.pause()
    const quick = await Subscriber.connect(tail, 1)
    const line = `${"x".repeat(50_000)}\n`
    let lines = 0
    // The kernel's buffers take some megabytes before it is noticed.
    while (!tail.stderr.includes("is cut off")) {
      appendFileSync(log, line)
      lines++
      await until(
        () => quick.text.length,
        (length) => length === lines * line.length
      )
      expect(lines).toBeLessThan(1_000)
    }
    slow.socket.resume()
    await slow.ended
    expect(await tail.stop()).toBe("0")
    await quick.ended
    expect(quick.text).toBe(line.repeat(lines))
    expect(tail.stderr).toContain("finished=1 slow=1 lost=0")
  }, 90_000)

  it("says what is wrong with its options, or with its files", async () => {
    using folder = new Folder()
    const missing = join(folder.path, "nowhere", "log")
    await using homeless = new Program(app("tail", host, "--port", "0", missing))
    expect(await homeless.exit).toMatchObject({ code: 1 })
    expect(homeless.stderr).toContain(`${join(folder.path, "nowhere")}: NotFound`)
    await using idle = new Program(app("tail", host, "--port", "0"))
    expect(await idle.exit).toMatchObject({ code: 1 })
    expect(idle.stdout + idle.stderr).toContain("file")
  }, 90_000)
})
