import * as NodeServices from "@effect/platform-node/NodeServices"
import { describe, expect, it } from "vitest"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Subprocess from "../src/Subprocess.ts"

const script = (source: string) => Subprocess.start("The script", [process.execPath, "-e", source])

const onHost = <A, E>(test: Effect.Effect<A, E, NodeServices.NodeServices | Scope.Scope>) =>
  test.pipe(Effect.scoped, Effect.provide(NodeServices.layer), Effect.runPromise)

describe("Subprocess", () => {
  it("answers what it is asked, whatever else it prints", () =>
    Effect.gen(function* () {
      const child = yield* script(
        `process.stdin.on("data", (said) => console.log("noise\\ndone " + said))`
      )
      yield* child.say("go")
      expect(yield* child.hear("done", "4 seconds")).toBe("go")
    }).pipe(onHost))

  it("that ends too early fails with the end of its standard error", () =>
    Effect.gen(function* () {
      const child = yield* script(`console.error("no such file"); process.exit(1)`)
      const error = yield* Effect.flip(child.hear("ready", "4 seconds"))
      expect(error.message).toBe('The script ended before it said "ready"\nno such file')
    }).pipe(onHost))

  it("that stays silent fails after the time given", () =>
    Effect.gen(function* () {
      const child = yield* script(`process.stdin.on("end", () => process.exit(0)).resume()`)
      const error = yield* Effect.flip(child.hear("ready", "20 millis"))
      expect(error.message).toBe('The script did not say "ready" within 20ms')
    }).pipe(onHost))

  it("that does not exist says so", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Subprocess.start("Nothing", ["/nonexistent"]))
      expect(error.message).toMatch(/^Cannot start Nothing: /)
    }).pipe(onHost))
})
