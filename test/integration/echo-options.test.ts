/** Echo refuses options that are out of their bounds: which one, its bound, and exit code 1. */
import * as Net from "node:net"
import { once } from "node:events"
import { describe, expect, it } from "vitest"
import { app, hosts, Program } from "./Program.ts"

const refusals = [
  { given: "--port 70000", told: "an integer from 0 to 65535" },
  { given: "--port http", told: "--port" },
  { given: "--host example.org", told: "an IP address or localhost" },
  { given: "--connections-max 0", told: "an integer from 1 to 1000000" },
  { given: "--idle-timeout soon", told: "a duration from 100 millis to 1 days" },
  { given: "--drain-deadline -1", told: "a duration from 0 millis to 1 hours" },
  { given: "--path echo.sock --port 0", told: "--path excludes --host and --port" },
  { given: "--prot 0", told: "Unrecognized flag" }
]

describe.for(hosts)("echo on %s", (host) => {
  it.for(refusals)("refuses $given", { timeout: 20_000 }, async ({ given, told }) => {
    const options = given.split(" ")
    await using echo = new Program(app("echo", host, ...options))
    expect(await echo.exit).toEqual({ code: 1, signal: null })
    expect(echo.stderr).toContain(options[0])
    expect(echo.stderr).toContain(told)
    expect(echo.stdout).not.toContain("ready")
  })

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
  }, 20_000)
})
