/** A program that reads its own source at many places and compares it with what Node reads. */
import { Files } from "@portico/core"
import { NodeBackend } from "@portico/node"
import * as Effect from "effect/Effect"
import { readFileSync } from "node:fs"

const path = import.meta.filename

Effect.gen(function* () {
  const whole = readFileSync(path)
  const file = yield* Files.open(path)
  for (let at = 0; at < whole.length; at += 7) {
    const read = yield* file.readAt(at, 64)
    if (!whole.subarray(at, at + 64).equals(read)) return console.log("differs at", at)
  }
  console.log("the same")
}).pipe(Effect.scoped, Effect.provide(NodeBackend.layer), NodeBackend.runMain)
