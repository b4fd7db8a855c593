import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import { ChildProcessSpawner, make as makeSpawner } from "effect/process/ChildProcessSpawner"
import * as Stdio from "effect/Stdio"
import * as Terminal from "effect/Terminal"
import * as TestConsole from "effect/testing/TestConsole"
import { SimBackend } from "@portico/sim"
import { describe, expect, it } from "vitest"
import { main } from "../src/Command.ts"

const unused = Effect.die("unused")

/** What a command line may ask its platform for; echo's asks for its arguments only. */
const platform = (options: string) =>
  Layer.mergeAll(
    TestConsole.layer,
    FileSystem.layerNoop({}),
    Path.layer,
    Stdio.layerTest({ args: Effect.succeed(options === "" ? [] : options.split(" ")) }),
    Layer.succeed(
      Terminal.Terminal,
      Terminal.make({
        columns: Effect.succeed(80),
        rows: Effect.succeed(24),
        size: unused,
        readInput: unused,
        readLine: unused,
        display: () => Effect.void
      })
    ),
    Layer.succeed(
      ChildProcessSpawner,
      makeSpawner(() => unused)
    )
  )

/** Runs echo for a virtual second; gives what it wrote. */
const output = (options: string): { readonly stdout: string; readonly stderr: string } => {
  const program = Effect.gen(function* () {
    yield* Effect.exit(Effect.timeout(main, "1 second"))
    const stdout = (yield* TestConsole.logLines).join("\n")
    return { stdout, stderr: (yield* TestConsole.errorLines).join("\n") }
  })
  return Effect.runSync(SimBackend.runSync(Effect.provide(program, platform(options)), { seed: 1 }))
}

describe("echo's command line", () => {
  it.for([
    ["--host 127.0.0.1 --port 4001", "ready tcp://127.0.0.1:4001"],
    ["--host ::1 --port 4001", "ready tcp://[::1]:4001"],
    ["", "ready tcp://127.0.0.1:4000"],
    ["--path /run/echo.sock", "ready unix:///run/echo.sock"]
  ])("%s: %s", ([options, ready]) => {
    const { stderr, stdout } = output(options!)
    expect(stdout).toBe(ready)
    expect(stderr).toContain("drained finished=0 interrupted=0 left=0 handles=0")
  })

  it.for([
    ["--port 70000", "an integer from 0 to 65535"],
    ["--port http", "--port"],
    ["--host example.org", "an IP address or localhost"],
    ["--connections-max 0", "an integer from 1 to 1000000"],
    ["--idle-timeout soon", "a duration from 100 millis to 1 days"],
    ["--drain-deadline -1", "a duration from 0 millis to 1 hours"],
    ["--path echo.sock --port 0", "--path excludes --host and --port"],
    ["--prot 0", "Unrecognized flag"]
  ])("refuses %s: %s", ([options, told]) => {
    const { stderr, stdout } = output(options!)
    expect(stderr).toContain(options!.split(" ")[0])
    expect(stderr).toContain(told)
    expect(stdout).not.toContain("ready")
  })
})
