/** Echo with 10,000 connections open at once: all are answered, none leaves anything behind. */
import { execFileSync } from "node:child_process"
import { describe, expect, it } from "vitest"
import { roundTrip } from "./Client.ts"
import { startEcho } from "./Echo.ts"
import { until } from "./Poll.ts"
import * as Proc from "./Proc.ts"
import { file, hosts, Program } from "./Program.ts"

// A process may raise its own limit up to the hard one; the rest of the descriptors are the host's.
const hardLimit = Number(
  execFileSync("bash", ["-c", "ulimit -Hn"], { encoding: "utf8" }).replace("unlimited", "20000")
)
const connections = Math.min(10_000, hardLimit - 200)
const descriptorsMax = Math.min(20_000, hardLimit)

/** Resident memory a connection may cost, kernel buffers not counted. */
const bytesPerConnectionMax = 32 * 1024

describe.skipIf(!Proc.isHere).for(hosts)(`echo on %s (needs /proc)`, (host) => {
  it(`answers on ${connections} connections at once`, async () => {
    const options = ["--connections-max", "20000"]
    await using echo = await startEcho(host, options, { descriptorsMax })
    const url = new URL(echo.ready.slice("ready ".length))
    const descriptorsBefore = Proc.descriptors(echo.pid)
    await roundTrip(echo.address, "warm")
    const memoryBefore = Proc.memoryBytes(echo.pid)

    const startedAt = performance.now()
    const hold = file("clients/hold.ts", "node", url.hostname, url.port, String(connections))
    await using client = new Program(hold, { descriptorsMax })
    expect(await client.line()).toBe(`held ${connections}`)
    const seconds = (performance.now() - startedAt) / 1000

    expect(Proc.descriptors(echo.pid)).toBeGreaterThanOrEqual(descriptorsBefore + connections)
    const bytesPerConnection = (Proc.memoryBytes(echo.pid) - memoryBefore) / connections
    expect(bytesPerConnection).toBeLessThan(bytesPerConnectionMax)

    client.send("close")
    expect(await client.line()).toBe("closed")
    expect(await client.exit).toEqual({ code: 0, signal: null })
    const isBack = (count: number) => count <= descriptorsBefore
    await until(() => Proc.descriptors(echo.pid), isBack)
    expect(await roundTrip(echo.address, "still here")).toBe("still here")

    console.info(
      `${host}: ${connections} connections in ${seconds.toFixed(1)} s, ` +
        `${Math.round(bytesPerConnection)} bytes of memory each`
    )
  }, 60_000)
})
