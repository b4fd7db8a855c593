/** An app's command line, run in the simulator: what it writes for what options. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as PlatformError from "effect/PlatformError"
import { ChildProcessSpawner, make as makeSpawner } from "effect/process/ChildProcessSpawner"
import * as Stdio from "effect/Stdio"
import * as TestConsole from "effect/testing/TestConsole"
import { SimBackend } from "@portico/sim"
import { terminal } from "./terminal.ts"

const unused = Effect.die("unused")

/** Texts by the last part of their path. */
type Texts = Readonly<Record<string, string>>

const fileSystem = (texts: Texts) => {
  const textOf = (path: string): string | undefined => texts[path.split("/").at(-1)!]
  const found = <A>(path: string, method: string, use: (text: string) => A) => {
    const text = textOf(path)
    return text === undefined
      ? Effect.fail(
          PlatformError.systemError({
            _tag: "NotFound",
            module: "FileSystem",
            method,
            pathOrDescriptor: path
          })
        )
      : Effect.succeed(use(text))
  }
  return FileSystem.layerNoop({
    stat: (path) =>
      found(
        path,
        "stat",
        (text) => ({ type: "File", size: BigInt(text.length) }) as unknown as FileSystem.File.Info
      ),
    exists: (path) => Effect.succeed(textOf(path) !== undefined),
    readFileString: (path) => found(path, "readFileString", (text) => text)
  })
}

/** What a command line may ask its platform for. */
const platform = (options: string, texts: Texts) =>
  Layer.mergeAll(
    TestConsole.layer,
    fileSystem(texts),
    Path.layer,
    Stdio.layerTest({ args: Effect.succeed(options === "" ? [] : options.split(" ")) }),
    terminal,
    Layer.succeed(
      ChildProcessSpawner,
      makeSpawner(() => unused)
    )
  )

type Platform = Layer.Success<ReturnType<typeof platform>>

/** Runs the app for a virtual second; gives what it wrote. */
export const outputOf = <A, E>(
  main: Effect.Effect<A, E, Platform | SimBackend.Services>,
  options: string,
  texts: Texts = {}
): { readonly stdout: string; readonly stderr: string } => {
  const program = Effect.gen(function* () {
    yield* Effect.exit(Effect.timeout(main, "1 second"))
    const stdout = (yield* TestConsole.logLines).join("\n")
    return { stdout, stderr: (yield* TestConsole.errorLines).join("\n") }
  })
  return Effect.runSync(
    SimBackend.runSync(Effect.provide(program, platform(options, texts)), { seed: 1 })
  )
}
