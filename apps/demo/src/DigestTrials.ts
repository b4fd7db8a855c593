/** SHA-256 sums of a tree in three worlds, each compared with a sum of the demo's own. */
import { createHash } from "node:crypto"
import { fileURLToPath } from "node:url"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as ChildProcess from "effect/process/ChildProcess"
import * as Stream from "effect/Stream"
import { Files, type IoError } from "@portico/core"
import { Sim } from "@portico/sim"
import * as Hashing from "../../digest/src/Hashing.ts"
import * as Program from "../../digest/src/Program.ts"
import * as Line from "../../digest/src/Line.ts"
import type { Measurement } from "./Measurement.ts"
import { PseudoRandom } from "./PseudoRandom.ts"
import { inThreeWorlds } from "./Worlds.ts"

const fileCount = 64

/** A sum is wrong, or there is none. */
export class WrongSums extends Data.TaggedError("WrongSums")<{ readonly message: string }> {}

const hexOf = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("hex")

/** Plants files, and gives the lines that they are owed. */
const plant = Effect.fnUntraced(function* (
  root: string,
  bytesPerFile: number
): Effect.fn.Return<string, IoError.IoError, Files.Files> {
  const content = new Uint8Array(bytesPerFile)
  let lines = ""
  for (let index = 0; index < fileCount; index++) {
    const path = `${root}/${String(index).padStart(2, "0")}`
    new PseudoRandom(index + 1).fill(content)
    yield* Files.writeFile(path, content)
    lines += `${Line.format({ hex: hexOf(content), path })}\n`
  }
  return lines
})

/** Latency is that of the whole tree. */
const measure = Effect.fnUntraced(function* <E, R>(
  root: string,
  bytesPerFile: number,
  digest: Effect.Effect<string, E, R>
): Effect.fn.Return<Measurement, E | IoError.IoError | WrongSums, R | Files.Files> {
  const expected = yield* plant(root, bytesPerFile)
  const began = yield* Clock.monotonicTimeNanos
  const lines = yield* digest
  const seconds = Number((yield* Clock.monotonicTimeNanos) - began) / 1e9
  if (lines !== expected) return yield* new WrongSums({ message: "The sums differ" })
  const latencyMillis = { p50: seconds * 1_000, p99: seconds * 1_000 }
  const bytesVerified = fileCount * bytesPerFile
  return { connections: fileCount, messages: fileCount, bytesVerified, seconds, latencyMillis }
})

const launcher = fileURLToPath(new URL("../../launcher/src/main.ts", import.meta.url))

const run = Effect.fnUntraced(function* (host: "node" | "bun", root: string) {
  const child = yield* ChildProcess.make(
    process.execPath,
    ["-C", "source", launcher, "digest", "--on", host, root],
    { stdin: "ignore", stderr: "inherit", detached: false, forceKillAfter: "2 seconds" }
  )
  const lines = yield* Stream.mkString(Stream.decodeText(child.stdout))
  const code = yield* child.exitCode
  return code === 0 ? lines : yield* new WrongSums({ message: `digest exited with ${code}` })
})

const onHost = Effect.fnUntraced(function* (host: "node" | "bun") {
  const root = yield* Files.temporaryDirectory({ prefix: "portico-demo-" })
  const measurement = yield* measure(root, 1_024 * 1_024, run(host, root))
  // A process that ended by itself had nothing left.
  return { measurement, servers: [] }
})

/** A thread that hashes is a model there, over files of the simulated disk. */
const simulated = Effect.gen(function* () {
  const root = "/tmp/tree"
  const files = yield* Files.Files
  const sim = yield* Sim.Sim
  yield* sim.setTask(Hashing.sha256, (_, path) =>
    Effect.map(files.readFile(path, { bytesMax: 1_024 * 1_024 }), (bytes) => ({
      hex: hexOf(bytes)
    }))
  )
  yield* Files.createDirectory(root)
  const digest = Effect.scoped(
    Effect.flatMap(Hashing.make(2), (hashing) =>
      Stream.runFold(
        Program.digest([root], hashing),
        () => "",
        (lines, outcome) => ("hex" in outcome ? `${lines}${Line.format(outcome)}\n` : lines)
      )
    )
  )
  return yield* measure(root, 16 * 1_024, digest)
})

export const digestTrials = inThreeWorlds({ app: "digest", onHost, simulated })

export const digestNotes: ReadonlyArray<string> = [
  "digest    SHA-256 sums of 64 files, each compared; latency is that of the whole tree"
]
