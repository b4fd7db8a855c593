/** What programs find when they reach past their services: the same on each host. */
import { Tcp } from "@portico/core"
import type { GlobalsPort } from "@portico/core/port/index"
import { SimBackend, SimWorld } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { describe, expect, it } from "vitest"

const epoch = 1_767_225_600_000

// Node runs promise jobs at once only in a macrotask.
const inMacrotask = <A>(run: () => A): Promise<A> =>
  new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(run())
      } catch (error) {
        reject(error)
      }
    })
  })

const checkPromises = (host: GlobalsPort) =>
  describe("native promises", () => {
    const fetchTwice = Effect.gen(function* () {
      const steps: Array<string> = []
      const later = async (name: string) => {
        await Promise.resolve()
        await Promise.resolve()
        steps.push(name)
        return name.length
      }
      const lengths = yield* Effect.all(
        [Effect.promise(() => later("one")), Effect.promise(() => later("three"))],
        { concurrency: "unbounded" }
      )
      yield* Effect.sleep(5)
      const last = yield* Effect.promise(() => later("two"))
      return [...steps, ...lengths, last]
    })

    it("settle within a call", async () => {
      const run = await inMacrotask(() => SimBackend.simulate(fetchTwice, { seed: 1, host }))
      expect(run.exit).toEqual(Exit.succeed(["one", "three", "two", 3, 5, 3]))
      const again = await inMacrotask(() => SimBackend.simulate(fetchTwice, { seed: 1, host }))
      expect(again).toEqual(run)
    })

    it("settle on hosts of a world", async () => {
      const scenario = Effect.gen(function* () {
        const world = yield* SimWorld.World
        const [a, b] = [yield* world.host("a"), yield* world.host("b")]
        return yield* Effect.all([a.run(fetchTwice), b.run(fetchTwice)], {
          concurrency: "unbounded"
        })
      })
      const run = await inMacrotask(() => SimWorld.simulate(scenario, { seed: 1, host }))
      const found = ["one", "three", "two", 3, 5, 3]
      expect(run.exit).toEqual(Exit.succeed([found, found]))
      const again = await inMacrotask(() => SimWorld.simulate(scenario, { seed: 1, host }))
      expect(again).toEqual(run)
    })

    it("that need the host's I/O are a deadlock that says so", async () => {
      const never = Effect.promise(() => new Promise<void>(() => {}))
      const { exit } = await inMacrotask(() => SimBackend.simulate(never, { seed: 1, host }))
      expect(String(exit)).toContain("Deadlock")
    })
  })

const checkVirtualised = (host: GlobalsPort): void => {
  const virtual = { seed: 1, host, escapes: "virtualise" } as const

  describe("what is virtualised", () => {
    const look = Effect.sync(() => ({
      now: Date.now() - epoch,
      date: new Date().getTime() - epoch,
      fixed: new Date(5).getTime(),
      isDate: new Date() instanceof Date,
      performance: Math.floor(performance.now()),
      random: Math.random(),
      uuid: crypto.randomUUID(),
      bytes: [...crypto.getRandomValues(new Uint8Array(4))]
    }))

    it("is the world's time and chance, the same for the same seed", () => {
      const program = Effect.andThen(Effect.sleep(70), look)
      const run = (seed: number) => SimBackend.simulate(program, { ...virtual, seed })
      const { exit } = run(1)
      if (Exit.isFailure(exit)) throw new Error(String(exit))
      expect(exit.value).toMatchObject({
        now: 70,
        date: 70,
        fixed: 5,
        isDate: true,
        performance: 70
      })
      expect(exit.value.uuid).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/
      )
      expect(run(1).exit).toEqual(exit)
      expect(run(2).exit).not.toEqual(exit)
      // Node and Bun both run this, so that a difference between them fails on one.
      expect(exit.value.random).toMatchInlineSnapshot(`0.4379018626641482`)
    })

    it("is the clock of the host that looks", () => {
      const scenario = Effect.gen(function* () {
        const world = yield* SimWorld.World
        const [a, b] = [yield* world.host("a"), yield* world.host("b")]
        yield* a.clock.step(1000)
        const seen = Effect.sync(() => Date.now() - epoch)
        return [yield* a.run(seen), yield* b.run(seen), yield* seen]
      })
      expect(SimWorld.runSync(scenario, virtual)).toEqual(Exit.succeed([1000, 0, 0]))
    })
  })
}

const checkTimers = (host: GlobalsPort): void => {
  const virtual = { seed: 1, host, escapes: "virtualise" } as const
  const look = Effect.sync(() => Math.random() + Date.now())

  describe("what is virtualised, too,", () => {
    it("is timers, in virtual time, which can be cleared", () => {
      const program = Effect.callback<ReadonlyArray<number>>((resume) => {
        const at: Array<number> = []
        const note = () => void at.push(Date.now() - epoch)
        setTimeout(note, 50)
        clearTimeout(setTimeout(note, 60))
        const every = setInterval(note, 20)
        setImmediate(note)
        setTimeout(() => {
          clearInterval(every)
          resume(Effect.succeed(at))
        }, 70)
      })
      const { exit, nanos } = SimBackend.simulate(program, virtual)
      expect(exit).toEqual(Exit.succeed([1, 20, 40, 50, 60]))
      expect(nanos).toBeLessThan(100e6)
    })

    it("is what fibers that were forked outside run by", () => {
      const program = Effect.callback<number>((resume) => {
        Effect.runFork(
          Effect.andThen(
            Effect.sleep(30),
            Effect.sync(() => resume(Effect.succeed(7)))
          )
        )
      })
      expect(SimBackend.simulate(program, virtual).exit).toEqual(Exit.succeed(7))
    })

    it("is back in its place afterwards", () => {
      const known = () => [
        Date,
        Reflect.get(Math, "random"),
        setTimeout,
        Reflect.get(crypto, "randomUUID")
      ]
      const before = known()
      SimBackend.simulate(look, virtual)
      const after = known()
      expect(after.every((one, at) => one === before[at])).toBe(true)
      expect(Math.abs(Date.now() - new Date().getTime())).toBeLessThan(1000)
    })
  })
}

const checkRefused = (host: GlobalsPort) =>
  describe("what is refused", () => {
    const refusing = { seed: 1, host, escapes: "refuse" } as const
    const names = (program: Effect.Effect<unknown>) =>
      String(SimBackend.simulate(Effect.exit(program), refusing).exit)

    it.each([
      ["Date.now", () => Date.now()],
      ["Date.now", () => new Date()],
      ["Math.random", () => Math.random()],
      ["performance.now", () => performance.now()],
      ["setTimeout", () => setTimeout(() => {}, 1)],
      ["crypto.randomUUID", () => crypto.randomUUID()],
      ["fetch", () => fetch("http://localhost")]
    ])("names %s, even if the program hides it", (name, use) => {
      const using = Effect.sync(() => void use())
      expect(names(using)).toContain(`${name} escapes from the simulated world`)
    })

    it("names the span", () => {
      const program = Effect.withSpan(
        Effect.sync(() => Math.random()),
        "roll the dice"
      )
      expect(names(program)).toMatch(/Math\.random .* fiber #\d+ in roll the dice/)
    })

    it("is nothing that programs on Portico's services do", () => {
      const program = Effect.gen(function* () {
        const { address } = yield* Tcp.serve((stream) => Effect.asVoid(stream.read), {
          port: 0,
          connectionsMax: 1
        })
        const stream = yield* Tcp.connect({ port: "port" in address ? address.port : 0 })
        yield* stream.write(new Uint8Array(10))
        yield* Effect.sleep(10)
        return new Date(5).getTime()
      }).pipe(Effect.scoped)
      expect(SimBackend.simulate(program, refusing).exit).toEqual(Exit.succeed(5))
    })
  })

export const checkEscapes = (host: GlobalsPort): void => {
  checkPromises(host)
  checkVirtualised(host)
  checkTimers(host)
  checkRefused(host)

  it("escapes are allowed only to the host that is named", () => {
    expect(() => SimBackend.simulate(Effect.void, { seed: 1, escapes: "refuse" })).toThrow(
      "has to be told the host's globals"
    )
  })
}
