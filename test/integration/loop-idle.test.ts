/** A process with nothing to do uses no CPU: no timer is armed, and its main thread sleeps. */
import { setTimeout as sleep } from "node:timers/promises"
import { describe, expect, it } from "vitest"
import { connect, exchange } from "./Client.ts"
import * as Proc from "./Proc.ts"
import { file, hosts, Program } from "./Program.ts"

const observedMillis = 2_000
const stretchesMax = 4
/** One is how coarsely the kernel counts. */
const cpuTicksMax = 1
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

/** The host compiles and collects for a while after the start: one of the stretches is quiet. */
const expectIdle = async (pid: number) => {
  const stretches: Array<Awaited<ReturnType<typeof observe>>> = []
  while (stretches.length < stretchesMax) {
    const stretch = await observe(pid)
    if (stretch.cpuTicks <= cpuTicksMax && stretch.waits <= waitsMax) return
    stretches.push(stretch)
  }
  expect.fail(`It never rests: ${JSON.stringify(stretches)}`)
}

describe.skipIf(!Proc.isHere).for(hosts)(
  "idle on %s (needs /proc)",
  { concurrent: true },
  (host) => {
    const start = (name: string) => new Program(file(`programs/loop.${host}.ts`, host, name))

    it("a server with 100 idle connections costs nothing", { timeout: 90_000 }, async () => {
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
      { timeout: 90_000 },
      async (name) => {
        await using program = start(name)
        expect(await program.line()).toBe("ready")
        await expectIdle(program.pid)
      }
    )

    it("a ref'd idle hook keeps the loop from waiting, and that shows", async () => {
      await using program = start("idle")
      expect(await program.line()).toBe("ready")
      // Ten times what counts as idle: a busy machine may not let it have a tenth of the time.
      const ticks = async () => (await observe(program.pid)).cpuTicks
      expect((await ticks()) + (await ticks())).toBeGreaterThan(cpuTicksMax * 10)
      program.kill("SIGTERM")
      expect(await program.exit).toEqual({ code: 0, signal: null })
    }, 90_000)
  }
)
