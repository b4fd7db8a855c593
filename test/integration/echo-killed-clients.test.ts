/** Echo outlives clients that are killed in the middle of a stream. */
import { describe, expect, it } from "vitest"
import { roundTrip } from "./Client.ts"
import { startEcho } from "./Echo.ts"
import { until } from "./Poll.ts"
import * as Proc from "./Proc.ts"
import { file, hosts, Program } from "./Program.ts"

const clients = 4
const connectionsEach = 20
const rounds = 3

describe.skipIf(!Proc.isHere).for(hosts)("echo on %s (needs /proc)", (host) => {
  it(`survives ${clients * rounds} clients killed mid-stream with kill -9`, async () => {
    await using echo = await startEcho(host)
    const url = new URL(echo.ready.slice("ready ".length))
    const descriptorsBefore = Proc.descriptors(echo.pid)
    await roundTrip(echo.address, "warm")

    for (let round = 0; round < rounds; round += 1) {
      await using stack = new AsyncDisposableStack()
      const streams = Array.from({ length: clients }, () =>
        stack.use(
          new Program(
            file("clients/stream.ts", "node", url.hostname, url.port, String(connectionsEach))
          )
        )
      )
      for (const stream of streams) expect(await stream.line()).toBe("flowing")
      expect(Proc.descriptors(echo.pid)).toBeGreaterThanOrEqual(
        descriptorsBefore + clients * connectionsEach
      )
      for (const stream of streams) stream.kill("SIGKILL")
      for (const stream of streams) {
        expect(await stream.exit).toEqual({ code: null, signal: "SIGKILL" })
      }
      await until(
        () => Proc.descriptors(echo.pid),
        (count) => count <= descriptorsBefore
      )
      expect(await roundTrip(echo.address, `after round ${round}`)).toBe(`after round ${round}`)
    }

    echo.kill("SIGTERM")
    expect(await echo.exit).toEqual({ code: 0, signal: null })
    expect(echo.stderr).toContain("handles=0")
  }, 60_000)
})
