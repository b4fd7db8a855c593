/**
 * The stalled client at full size, on both hosts: 1 GiB, nothing read for 5 seconds.
 * `node -C source test/integration/soak.ts`; exits 1 when a limit or the hash does not hold.
 */
import { startEcho } from "./Echo.ts"
import { hosts } from "./Program.ts"
import { format, limits, stalledClient } from "./StalledClient.ts"

const bytes = 1024 * 1024 * 1024

for (const host of hosts) {
  await using echo = await startEcho(host)
  const report = await stalledClient(echo, { bytes, stallMs: 5_000 })
  const isGood =
    report.isSame &&
    report.bytesReceived === bytes &&
    report.bytesTakenInStall < limits.bytesTakenInStall &&
    report.memoryInStall - report.memoryBefore < limits.memoryGrowthInStall &&
    report.memoryInFlow - report.memoryBefore < limits.memoryGrowthInFlow
  console.log(`${isGood ? "ok  " : "FAIL"} ${host}: ${format(report)}`)
  if (!isGood) process.exitCode = 1
}
