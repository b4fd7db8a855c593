/** Echo's memory stays flat while a client sends and does not read; `soak.ts` is the full size. */
import { describe, expect, it } from "vitest"
import { startEcho } from "./Echo.ts"
import * as Proc from "./Proc.ts"
import { hosts } from "./Program.ts"
import { format, limits, stalledClient } from "./StalledClient.ts"

const bytes = 96 * 1024 * 1024

describe.skipIf(!Proc.isHere).for(hosts)("echo on %s (needs /proc)", (host) => {
  it("holds back a client that sends 96 MiB and reads nothing for a second", async () => {
    await using echo = await startEcho(host)
    const report = await stalledClient(echo, { bytes, stallMs: 1_000 })
    console.info(`${host}: ${format(report)}`)
    expect(report.isSame).toBe(true)
    expect(report.bytesReceived).toBe(bytes)
    expect(report.bytesTakenInStall).toBeLessThan(limits.bytesTakenInStall)
    expect(report.memoryInStall - report.memoryBefore).toBeLessThan(limits.memoryGrowthInStall)
    expect(report.memoryInFlow - report.memoryBefore).toBeLessThan(limits.memoryGrowthInFlow)
  }, 90_000)
})
