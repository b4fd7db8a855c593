/** Echo cannot start: which option, its bound or what is in the way, and exit code 1. */
import * as Net from "node:net"
import { once } from "node:events"
import { describe, expect, it } from "vitest"
import { app, hosts, Program } from "./Program.ts"

describe.for(hosts)("echo on %s", { concurrent: true }, (host) => {
  it("names an option that is out of its bound", async () => {
    await using echo = new Program(app("echo", host, "--port", "70000"))
    expect(await echo.exit).toEqual({ code: 1, signal: null })
    expect(echo.stderr).toContain("--port")
    expect(echo.stderr).toContain("70000")
    expect(echo.stderr).toContain("an integer from 0 to 65535")
    expect(echo.stderr).not.toContain("    at ")
    expect(echo.stdout).not.toContain("ready")
  }, 90_000)

  it("says in one line that the port is taken", async () => {
    const taken = Net.createServer().listen(0, "127.0.0.1")
    await once(taken, "listening")
    try {
      const { port } = taken.address() as Net.AddressInfo
      await using echo = new Program(app("echo", host, "--port", String(port)))
      expect(await echo.exit).toEqual({ code: 1, signal: null })
      expect(echo.stderr).toContain(`tcp://127.0.0.1:${port}: AddressInUse`)
      expect(echo.stderr).not.toContain("    at ")
      expect(echo.stdout).toBe("")
    } finally {
      taken.close()
    }
  }, 90_000)
})
