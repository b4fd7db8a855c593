/** A process with nothing to do uses no CPU: no timer is armed, and its main thread sleeps. */
import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { connect, exchange } from "./Client.ts"
import * as Proc from "./Proc.ts"
import { file, hosts, Program } from "./Program.ts"

const observedMillis = 2_000
/** The host's own threads, which compile and collect, may still end what they began. */
const cpuTicksMax = 2
/** Bun looks for something to collect every second; a timer that comes round sooner would show. */
const waitsMax = 10

/** What a process does while it is left alone. */
const observe = async (pid: number) => {
  const before = { cpuTicks: Proc.cpuTicks(pid), waits: Proc.mainThreadWaits(pid) }
  // That nothing happens, only time can show.
  await sleep(observedMillis)
  return {
    cpuTicks: Proc.cpuTicks(pid) - before.cpuTicks,
    waits: Proc.mainThreadWaits(pid) - before.waits
  }
}

const expectIdle = async (pid: number) => {
  const { cpuTicks, waits } = await observe(pid)
  expect(cpuTicks).toBeLessThanOrEqual(cpuTicksMax)
  expect(waits).toBeLessThanOrEqual(waitsMax)
}

describe.skipIf(!Proc.isHere).for(hosts)("idle on %s (needs /proc)", (host) => {
  const start = (name: string) => new Program(file(`programs/loop.${host}.ts`, host, name))

  it("a server with 100 idle connections costs nothing", { timeout: 30_000 }, async () => {
    await using program = start("serves")
    const url = new URL((await program.line()).slice("ready ".length))
    const address = { host: url.hostname, port: Number(url.port) }
    const sockets = await Promise.all(Array.from({ length: 100 }, () => connect(address)))
    for (const socket of sockets) expect(await exchange(socket, "a")).toBe("a")
    await expectIdle(program.pid)
    program.kill("SIGUSR2")
    await program.log("% of the time\n")
    expect(program.stderr).toContain("100 accepted")
    expect(program.stderr).not.toContain("Timeout")
    for (const socket of sockets) socket.destroy()
  })

  it.for(["wakeUp", "check"])(
    "what waits for a %s costs nothing",
    { timeout: 30_000 },
    async (name) => {
      await using program = start(name)
      expect(await program.line()).toBe("ready")
      await expectIdle(program.pid)
    }
  )
})
