import { expect, it } from "vitest"
import { failureOf } from "@portico/bun/BunErrno"

it("a known code becomes its noun, and the error is kept as the cause", () => {
  const error = Object.assign(new Error("no more"), { code: "EMFILE" })
  expect(failureOf(error)).toMatchObject({
    reason: { _tag: "ResourceExhausted", resource: "file descriptors of the process" },
    cause: error
  })
})

it("an unknown code is kept, and so is the lack of one", () => {
  const error = Object.assign(new Error("odd"), { code: "EODD" })
  expect(failureOf(error).reason).toMatchObject({ _tag: "Unknown", code: "EODD" })
  expect(failureOf(undefined).reason).toMatchObject({ _tag: "Unknown", code: "no code" })
  expect(failureOf(new Error("none")).reason).toMatchObject({ _tag: "Unknown", code: "no code" })
})

it("a name that every object has is no code", () => {
  expect(failureOf({ code: "toString" }).reason).toMatchObject({ _tag: "Unknown" })
})
