/** What laws need of a simulated world, which ends with them: nothing has to be removed. */
import { IoError, Tcp } from "@portico/core"
import type { ThreadSeats } from "@portico/core/sync"
import { Sim } from "@portico/sim"
import { LawEnvironment } from "@portico/testkit"
import * as Effect from "effect/Effect"
import * as SimPoolTasks from "./SimPoolTasks.ts"
import { awaitWord } from "./SimWords.ts"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"

/** Sockets that a world of the laws may have open: few, so that using them up is quick. */
export const descriptorsMax = 256

export const layer: Layer.Layer<
  LawEnvironment,
  never,
  Sim.Sim | Tcp.Tcp | ThreadSeats.ThreadSeats
> = Layer.effect(
  LawEnvironment,
  Effect.gen(function* () {
    const sim = yield* Sim.Sim
    const tcp = yield* Tcp.Tcp
    let count = 0

    // A plain file shows in one way only: connecting to it is refused, not `NotFound`.
    const isPlainFile = (path: string) =>
      Effect.scoped(tcp.connect({ path })).pipe(
        Effect.as(false),
        Effect.catchTag("IoError", (error) =>
          Effect.succeed(IoError.isIoError(error, "ConnectionRefused"))
        )
      )

    const exhaustDescriptors = Effect.gen(function* () {
      const listen = tcp.listen({ port: 0 })
      yield* Effect.forEach(Array.from({ length: descriptorsMax }), () => Effect.exit(listen))
    })

    const tasks = yield* SimPoolTasks.install(sim)
    yield* sim.createFolder("/laws")

    return LawEnvironment.of({
      tasks: Option.some({ tasks, awaitWord }),
      temporaryPath: Effect.sync(() => `/laws/${++count}.sock`),
      makePlainFile: sim.createFile,
      makeStaleSocket: sim.createStaleSocket,
      removeFile: () => Effect.void,
      pathExists: (path) =>
        Effect.flatMap(sim.socketMode(path), (mode) =>
          mode === undefined ? isPlainFile(path) : Effect.succeed(true)
        ),
      fileMode: (path) => Effect.map(sim.socketMode(path), (mode) => mode ?? -1),
      exhaustDescriptors: Option.some(exhaustDescriptors),
      // A world has one thread, in which computing takes no virtual time.
      disk: Option.some(sim.disk),
      notifyFromThread: Option.none(),
      holdThread: Option.none()
    })
  })
)
