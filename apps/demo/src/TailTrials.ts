/** Tail in its three worlds: a log that is rotated while subscribers are sent its lines. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { Files } from "@portico/core"
import * as Program from "../../tail/src/Program.ts"
import * as HostServer from "./HostServer.ts"
import * as TailClient from "./TailClient.ts"
import { inThreeWorlds } from "./Worlds.ts"

const load: TailClient.Load = {
  subscribers: 8,
  batches: 60,
  linesPerBatch: 20,
  batchesPerRotation: 5
}

const onHost = Effect.fnUntraced(function* (host: "node" | "bun") {
  const log = `${yield* Files.temporaryDirectory()}/log`
  const server = yield* HostServer.start("tail", host, "--quiet", log)
  const measurement = yield* TailClient.drive(server.address, log, load)
  return { measurement, servers: [server] }
})

const listen = { port: 4100 }
const simulatedLog = "/home/log"

/** Both ends in one world, in virtual time. */
const simulated = Effect.gen(function* () {
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

export const tailTrials = inThreeWorlds({ app: "tail", onHost, simulated })

export const tailNotes: ReadonlyArray<string> = [
  "tail      lines of a log that is rotated twelve times, compared at each of eight subscribers"
]
