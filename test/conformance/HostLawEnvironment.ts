/// <reference lib="es2024.sharedmemory" />
/** What laws need of a real host, by `node:fs` and `node:net`: the same on Node and on Bun. */
import { Task, type WakeUp } from "@portico/core"
import { LawEnvironment } from "@portico/testkit"
import type { LawTasks } from "@portico/testkit/LawTasks"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as fs from "node:fs"
import * as net from "node:net"
import * as os from "node:os"
import * as path from "node:path"
import { Worker } from "node:worker_threads"
import type * as PoolTasks from "./PoolTasks.ts"
import type * as SyncActs from "./SyncActs.ts"

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

/** A thread of its own, which has ended when this has. */
const notifyFromThread = (cell: WakeUp.WakeUpCell, times: number) =>
  Effect.promise(async () => {
    const worker = new Worker(new URL("./NotifyingThread.ts", import.meta.url), {
      workerData: { cell, times }
    })
    const ended = new Promise<unknown>((resolve) => worker.once("exit", resolve))
    const said = await new Promise<ReadonlyArray<boolean>>((resolve, reject) => {
      worker.once("message", resolve)
      worker.once("error", reject)
    })
    await ended
    return said
  })

const holdThread = (millis: number): void => {
  const end = performance.now() + millis
  while (performance.now() < end);
}

const module = Task.module<typeof PoolTasks>(new URL("./PoolTasks.ts", import.meta.url))

/** The functions of `PoolTasks`, in threads. */
const tasks: LawTasks = {
  echo: module.task("echo"),
  count: module.task("count"),
  pass: module.task("pass"),
  obey: module.task("obey"),
  obeyByThrowing: module.task("obeyByThrowing"),
  fail: module.task("fail"),
  exit: module.task("exit"),
  crash: module.task("crash"),
  exhaust: module.task("exhaust"),
  flood: module.task("flood"),
  double: module.task("double"),
  giveFunction: module.task("giveFunction"),
  countUp: module.task("countUp"),
  countUpAsync: module.task("countUpAsync"),
  giveThenObey: module.task("giveThenObey"),
  spin: module.task("spin"),
  kill: module.task("kill") as LawTasks["kill"],
  giveFunctions: module.task("giveFunctions"),
  sumOfDoubles: module.task("sumOfDoubles"),
  act: Task.module<typeof SyncActs>(new URL("./SyncActs.ts", import.meta.url)).task("act")
}

const awaitWord = (words: Int32Array<SharedArrayBuffer>, index: number, atLeast: number) =>
  Effect.promise(async () => {
    for (;;) {
      const now = Atomics.load(words, index)
      if (now >= atLeast) return
      const told = Atomics.waitAsync(words, index, now)
      if (told.async) await told.value
    }
  })

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
      disk: Option.none(),
      makePlainFile: (file) => Effect.sync(() => fs.writeFileSync(file, "a plain file")),
      makeStaleSocket,
      removeFile: (file) => Effect.sync(() => fs.rmSync(file)),
      pathExists: (file) =>
        Effect.sync(() => fs.lstatSync(file, { throwIfNoEntry: false }) !== undefined),
      fileMode: (file) => Effect.sync(() => fs.statSync(file).mode & 0o777),
      exhaustDescriptors: Option.some(exhaustDescriptors),
      notifyFromThread: Option.some(notifyFromThread),
      tasks: Option.some({ tasks, awaitWord }),
      holdThread: Option.some(holdThread)
    })
  })
)
