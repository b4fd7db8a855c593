/** Tail in its three worlds: a log that is rotated while subscribers are sent its lines. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import { EventLoop, Files, type Tcp } from "@portico/core"
import { SimBackend } from "@portico/sim"
import * as Program from "../../tail/src/Program.ts"
import * as HostServer from "./HostServer.ts"
import * as TailClient from "./TailClient.ts"
import type { Trial } from "./Trial.ts"

const load: TailClient.Load = {
  subscribers: 8,
  batches: 60,
  linesPerBatch: 20,
  batchesPerRotation: 5
}

const handlesOpen = EventLoop.EventLoop.use(({ handles }) =>
  Effect.map(handles, (open) => open.length)
)

type Surroundings = ChildProcessSpawner | EventLoop.EventLoop | Files.Files | Tcp.Tcp

const onHost = (host: "node" | "bun"): Trial<Surroundings> => ({
  app: "tail",
  world: host,
  isVirtual: false,
  run: Effect.gen(function* () {
    const log = `${yield* Files.temporaryDirectory()}/log`
    const server = yield* HostServer.start("tail", host, "--quiet", log)
    const measurement = yield* TailClient.drive(server.address, log, load)
    const handlesLeft = { client: yield* handlesOpen, server: yield* server.stop }
    return { ...measurement, handlesLeft }
  }).pipe(Effect.scoped)
})

const listen = { port: 4100 }
const simulatedLog = "/home/log"

/** Both ends in one world, in virtual time. */
const simulated = Effect.gen(function* () {
  const measurement = yield* Effect.scoped(
    Effect.gen(function* () {
      const { following } = yield* Program.serve({
        files: [simulatedLog],
        listen,
        from: "end",
        isPrinting: false,
        watching: {},
        lineBytesMax: 64 * 1024,
        subscribersMax: load.subscribers,
        subscriberBytesMax: 1024 * 1024,
        drainDeadline: Duration.seconds(5)
      })
      yield* Effect.forkScoped(following)
      return yield* TailClient.drive(listen, simulatedLog, load)
    })
  )
  // The one list holds the handles of both.
  return { ...measurement, handlesLeft: { client: yield* handlesOpen, server: 0 } }
})

const inSimulator: Trial<never> = {
  app: "tail",
  world: "sim",
  isVirtual: true,
  run: SimBackend.run(simulated, { seed: 1 })
}

export const tailTrials: ReadonlyArray<Trial<Surroundings>> = [
  onHost("node"),
  onHost("bun"),
  inSimulator
]

export const tailNotes: ReadonlyArray<string> = [
  "tail  lines of a log that is rotated twelve times, each compared at each of eight subscribers"
]
