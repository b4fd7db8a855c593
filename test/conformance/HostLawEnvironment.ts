/** What laws need of a real host, by `node:fs` and `node:net`: the same on Node and on Bun. */
import { LawEnvironment } from "@portico/testkit"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as fs from "node:fs"
import * as net from "node:net"
import * as os from "node:os"
import * as path from "node:path"

const makeStaleSocket = (target: string) =>
  Effect.promise(async () => {
    // A server removes the path it was given when it closes; by then the file has another name.
    const server = net.createServer()
    await new Promise<void>((resolve) => server.listen(`${target}.live`, resolve))
    fs.renameSync(`${target}.live`, target)
    await new Promise<unknown>((resolve) => server.close(resolve))
  })

/** Opens `/dev/null` until the process may open no more. */
const exhaustDescriptors = Effect.acquireRelease(
  Effect.sync(() => {
    const descriptors: Array<number> = []
    try {
      for (;;) descriptors.push(fs.openSync("/dev/null", "r"))
    } catch {
      return descriptors
    }
  }),
  (descriptors) => Effect.sync(() => descriptors.forEach((descriptor) => fs.closeSync(descriptor)))
)

/** A folder of its own, removed with the layer. */
export const layer: Layer.Layer<LawEnvironment> = Layer.effect(
  LawEnvironment,
  Effect.gen(function* () {
    const folder = yield* Effect.acquireRelease(
      Effect.sync(() => fs.mkdtempSync(path.join(os.tmpdir(), "laws-"))),
      (made) => Effect.sync(() => fs.rmSync(made, { recursive: true }))
    )
    let count = 0
    return LawEnvironment.of({
      temporaryPath: Effect.sync(() => path.join(folder, `${++count}.sock`)),
      makePlainFile: (file) => Effect.sync(() => fs.writeFileSync(file, "a plain file")),
      makeStaleSocket,
      removeFile: (file) => Effect.sync(() => fs.rmSync(file)),
      pathExists: (file) =>
        Effect.sync(() => fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined),
      fileMode: (file) => Effect.sync(() => fs.statSync(file).mode & 0o777),
      exhaustDescriptors: Option.some(exhaustDescriptors)
    })
  })
)
