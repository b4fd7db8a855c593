/** How echo starts and stops: the ready line, signals, the drain, and what is left behind. */
import { once } from "node:events"
import { existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { describe, expect, it } from "vitest"
import { connect, exchange, receive, roundTrip } from "./Client.ts"
import { startEcho } from "./Echo.ts"
import { hosts } from "./Program.ts"

describe.for(hosts)("echo on %s", { concurrent: true }, (host) => {
  it("prints one ready line and nothing else on standard output", async () => {
    await using echo = await startEcho(host, ["--host", "127.0.0.1", "--port", "0"])
    expect(await roundTrip(echo.address, "hello")).toBe("hello")
    echo.kill("SIGTERM")
    expect(await echo.exit).toEqual({ code: 0, signal: null })
    expect(echo.stdout).toMatch(/^ready tcp:\/\/127\.0\.0\.1:[1-9]\d*\n$/)
  }, 90_000)

  it.for(["SIGTERM", "SIGINT"] as const)(
    "answers the message in flight after %s, then exits 0",
    { timeout: 90_000 },
    async (signal) => {
      await using echo = await startEcho(host, ["--drain-deadline", "10 seconds"])
      const socket = await connect(echo.address)
      expect(await exchange(socket, "before")).toBe("before")
      const message = Buffer.alloc(1_000_000, "in flight ")
      const answer = receive(socket, message.length)
      socket.write(message.subarray(0, 400_000))
      echo.kill(signal)
      await echo.log("draining connections=1")
      socket.write(message.subarray(400_000))
      expect((await answer).equals(message)).toBe(true)
      socket.end()
      expect(await echo.exit).toEqual({ code: 0, signal: null })
      expect(echo.stderr).toContain("drained finished=1 interrupted=0 left=0 handles=0")
    }
  )

  it("takes no connection while it drains", async () => {
    await using echo = await startEcho(host, ["--drain-deadline", "10 seconds"])
    const socket = await connect(echo.address)
    expect(await exchange(socket, "open")).toBe("open")
    echo.kill("SIGTERM")
    await echo.log("draining")
    // Whoever is in the backlog when the listener closes is connected already, and reset.
    const refusal = () =>
      connect(echo.address).then(
        (late) => late.destroy() && "connected",
        (error: NodeJS.ErrnoException) => error.code
      )
    while (true) {
      const answer = await refusal()
      if (answer === "ECONNREFUSED") break
      expect(["connected", "ECONNRESET"]).toContain(answer)
    }
    expect(await exchange(socket, "still served")).toBe("still served")
    socket.end()
    expect(await echo.exit).toEqual({ code: 0, signal: null })
  }, 90_000)

  it("ends idle connections at the drain deadline", async () => {
    await using echo = await startEcho(host, ["--drain-deadline", "700 millis"])
    const sockets = await Promise.all([1, 2, 3].map(() => connect(echo.address)))
    for (const socket of sockets) expect(await exchange(socket, "idle")).toBe("idle")
    const ends = sockets.map((socket) => once(socket.resume(), "close"))
    const startedAt = performance.now()
    echo.kill("SIGTERM")
    expect(await echo.exit).toEqual({ code: 0, signal: null })
    const elapsed = performance.now() - startedAt
    await Promise.all(ends)
    expect(elapsed).toBeGreaterThan(650)
    // Nor at the deadline that it has by default.
    expect(elapsed).toBeLessThan(5_000)
    expect(echo.stderr).toContain("drained finished=0 interrupted=3 left=0 handles=0")
  }, 90_000)

  it("exits at once on a second signal", async () => {
    await using echo = await startEcho(host, ["--drain-deadline", "1 hours"])
    const socket = await connect(echo.address)
    expect(await exchange(socket, "idle")).toBe("idle")
    socket.on("error", () => {})
    echo.kill("SIGTERM")
    await echo.log("draining")
    echo.kill("SIGTERM")
    const exit = await echo.exit
    expect(exit.code).not.toBe(0)
  }, 90_000)

  it("closes a connection that is idle for --idle-timeout, and no other", async () => {
    // Long enough that a busy machine lets the busy one say something in time.
    await using echo = await startEcho(host, ["--idle-timeout", "1 second"])
    const startedAt = performance.now()
    const silent = await connect(echo.address)
    const busy = await connect(echo.address)
    let isSilentClosed = false
    const closed = once(silent.resume(), "close").then(() => (isSilentClosed = true))
    while (!isSilentClosed) expect(await exchange(busy, "busy")).toBe("busy")
    await closed
    expect(performance.now() - startedAt).toBeGreaterThan(950)
    expect(await exchange(busy, "still here")).toBe("still here")
    busy.destroy()
  }, 90_000)

  it("starts again on the same port at once", async () => {
    await using first = await startEcho(host, ["--drain-deadline", "200 millis"])
    const { port } = new URL(first.ready.slice("ready ".length))
    const socket = await connect(first.address)
    expect(await exchange(socket, "first")).toBe("first")
    // The server closes first, so its end of the connection stays behind in TIME_WAIT.
    const ended = once(socket.resume(), "close")
    first.kill("SIGTERM")
    expect(await first.exit).toEqual({ code: 0, signal: null })
    await ended
    await using second = await startEcho(host, ["--port", port])
    expect(second.ready).toBe(first.ready)
    expect(await roundTrip(second.address, "second")).toBe("second")
  }, 90_000)

  it("listens on a Unix path, which is gone after it stopped", async () => {
    const folder = mkdtempSync(join(tmpdir(), "portico-"))
    const path = join(folder, "echo.sock")
    try {
      await using echo = await startEcho(host, ["--path", path])
      expect(echo.ready).toBe(`ready unix://${path}`)
      expect(await roundTrip({ path }, "hello")).toBe("hello")
      echo.kill("SIGTERM")
      expect(await echo.exit).toEqual({ code: 0, signal: null })
      expect(existsSync(path)).toBe(false)
    } finally {
      rmSync(folder, { recursive: true })
    }
  }, 90_000)
})
