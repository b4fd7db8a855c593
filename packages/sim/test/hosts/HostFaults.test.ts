import { Files, Tcp } from "@portico/core"
import { SimWorld } from "@portico/sim"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { describe, expect, it } from "vitest"
import { LocalTime } from "../../src/loop/LocalTime.ts"
import { ask, port, serve } from "./Echo.ts"

const valueOf = <A, E>(scenario: SimWorld.Scenario<A, E>, seed = 1): A => {
  const { exit } = SimWorld.simulate(scenario, { seed })
  if (Exit.isSuccess(exit)) return exit.value
  throw new Error(String(exit))
}

const epoch = 1_767_225_600_000
const wall = Effect.map(Clock.currentTimeMillis, (millis) => millis - epoch)
const monotonic = Effect.map(Clock.monotonicTimeNanos, (nanos) => Math.round(Number(nanos) / 1e6))
const both = Effect.all([wall, monotonic])

describe("a host's clock", () => {
  it("is set without the monotonic one, and without the others", () => {
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const [a, b] = [yield* world.host("a"), yield* world.host("b")]
      yield* Effect.sleep("1 second")
      yield* a.clock.step(5000)
      const ahead = yield* a.run(both)
      yield* a.clock.step(-7000)
      return [ahead, yield* a.run(both), yield* b.run(both), yield* wall]
    })
    expect(valueOf(scenario)).toEqual([[6000, 1000], [-1000, 1000], [1000, 1000], 1000])
  })

  it("that drifts moves both, and the sleeps that begin then", () => {
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const a = yield* world.host("a")
      yield* Effect.sleep("10 seconds")
      yield* a.clock.drift(100_000)
      yield* Effect.sleep("10 seconds")
      const seen = yield* a.run(both)
      yield* a.run(Effect.sleep("11 seconds"))
      return [seen, yield* wall]
    })
    expect(valueOf(scenario)).toEqual([[21_000, 21_000], 30_000])
  })

  it.each([-100_000, -333, -1, 1, 7, 500, 100_000])(
    "with %i ppm never ends a sleep early",
    (ppm) => {
      const time = new LocalTime(0, ppm)
      for (const nanos of [1, 2, 999, 1e6, 1_234_567, 1e9, 3.6e12]) {
        for (const now of [0, 1, 12_345, 1e15]) {
          const waited = time.local(now + time.wait(nanos, now)) - time.local(now)
          expect(waited).toBeGreaterThanOrEqual(nanos)
          expect(waited).toBeLessThan(nanos + 3)
        }
      }
    }
  )
})

describe("a pause", () => {
  it("stops the process and not its kernel", () => {
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const [server, client] = [yield* world.host("server"), yield* world.host("client")]
      yield* server.start(() => serve)
      yield* Effect.sleep(1)
      yield* server.pause("2 seconds")
      // The kernel accepts meanwhile; the echo has to wait.
      const connected = client.run(
        Effect.scoped(Effect.andThen(Tcp.connect({ host: "server", port }), wall))
      )
      const [at, echoed] = yield* Effect.all(
        [connected, Effect.andThen(client.run(ask("server")), wall)],
        { concurrency: "unbounded" }
      )
      return [at, echoed]
    })
    const [connected, echoed] = valueOf(scenario)
    expect(connected).toBeLessThan(5)
    expect(echoed).toBeGreaterThan(2000)
    expect(echoed).toBeLessThan(2005)
  })

  it("by SIGSTOP lasts until SIGCONT", () => {
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const host = yield* world.host("a")
      yield* host.start(() => Effect.sleep(10))
      yield* host.signal("SIGSTOP")
      yield* Effect.forkScoped(Effect.delay(host.signal("SIGCONT"), 700))
      yield* host.exit
      return yield* wall
    })
    expect(valueOf(scenario)).toBe(700)
  })
})

describe("a signal", () => {
  it("interrupts the program, whose finalizers run", () => {
    const lines: Array<string> = []
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const host = yield* world.host("a")
      yield* host.start(() =>
        Effect.ensuring(
          serve,
          Effect.sync(() => lines.push("finalizer"))
        )
      )
      yield* Effect.sleep(10)
      yield* host.signal("SIGTERM")
      const exit = yield* host.exit
      return [Exit.hasInterrupts(exit), yield* host.state]
    })
    expect(valueOf(scenario)).toEqual([true, "idle"])
    expect(lines).toEqual(["finalizer"])
  })

  it("of SIGKILL runs none", () => {
    const lines: Array<string> = []
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const host = yield* world.host("a")
      yield* host.start(() =>
        Effect.ensuring(
          serve,
          Effect.sync(() => lines.push("finalizer"))
        )
      )
      yield* Effect.sleep(10)
      yield* host.signal("SIGKILL")
      return yield* host.state
    })
    expect(valueOf(scenario)).toBe("idle")
    expect(lines).toEqual([])
  })
})

describe("a fault at an I/O event", () => {
  const write = (path: string, lines: Array<string>) =>
    Effect.gen(function* () {
      const file = yield* Files.open(path, { access: "write", create: "ifMissing" })
      yield* file.write(new TextEncoder().encode("data"))
      lines.push("written")
      yield* file.sync
      lines.push("synced")
      yield* Files.syncDirectory("/tmp")
      lines.push("durable")
    }).pipe(Effect.scoped)

  const crashAt = (on: SimWorld.IoKind, index: number, lines: Array<string>) =>
    Effect.gen(function* () {
      const world = yield* SimWorld.World
      const host = yield* world.host("a")
      yield* host.strikeAt({ on, index }, { crash: { disk: "all" } })
      yield* Effect.exit(host.run(write("/tmp/log", lines)))
      const state = yield* host.state
      const found = yield* host.run(Effect.exit(Files.readFile("/tmp/log", { bytesMax: 100 })))
      return [state, Exit.isSuccess(found) ? found.value.length : -1]
    })

  it("strikes between a write and its sync", () => {
    const lines: Array<string> = []
    expect(valueOf(crashAt("write", 1, lines))).toEqual(["off", -1])
    expect(lines).toEqual([])
  })

  it("strikes after a sync that the program does not know of yet", () => {
    const lines: Array<string> = []
    expect(valueOf(crashAt("sync", 2, lines))).toEqual(["off", 4])
    expect(lines).toEqual(["written", "synced"])
  })

  it("strikes between a send and what follows, and is not felt before", () => {
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const [server, client] = [yield* world.host("server"), yield* world.host("client")]
      const served: Array<string> = []
      yield* server.start(() =>
        Effect.scoped(
          Effect.andThen(
            Tcp.serve(
              (stream) =>
                Effect.gen(function* () {
                  // Small writes leave when the step that made them ends.
                  yield* stream.write(yield* stream.read)
                  yield* Effect.yieldNow
                  served.push("answered")
                }),
              { host: "0.0.0.0", port, connectionsMax: 3 }
            ),
            Effect.never
          )
        )
      )
      yield* server.strikeAt(
        { on: "send", index: 1 },
        { crash: { kind: "power" }, downtime: "1 second" }
      )
      yield* Effect.sleep(1)
      const echoed = yield* client.run(ask("server"))
      const state = yield* server.state
      yield* Effect.sleep("2 seconds")
      return [echoed, state, served.length, yield* server.state, yield* server.incarnation]
    })
    // The answer was on its way; the server's next line never ran.
    expect(valueOf(scenario)).toEqual([64, "off", 0, "running", 2])
  })

  it("does not strike once its scope has closed", () => {
    const scenario = Effect.gen(function* () {
      const world = yield* SimWorld.World
      const host = yield* world.host("a")
      yield* Effect.scoped(host.strikeAt({ index: 1 }, { crash: {} }))
      yield* host.run(write("/tmp/log", []))
      return [yield* host.state, (yield* host.ioEvents) > 3]
    })
    expect(valueOf(scenario)).toEqual(["running", true])
  })
})
