import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { describe, expect, it } from "vitest"
import * as SoftCancel from "../../src/SoftCancel.ts"
import { end, endsAfter, run, running } from "./StoppingRegion.ts"

describe("nested regions", () => {
  /** An outer region around an inner one that never stops by itself. */
  const nested = (outer: SoftCancel.Options, inner: SoftCancel.Options) =>
    Effect.gen(function* () {
      let inside: SoftCancel.SoftCancel | undefined
      const seen: Array<string> = []
      const body = SoftCancel.run((self) => {
        inside = self
        return Effect.ensuring(
          Effect.never,
          Effect.sync(() => seen.push("cut"))
        )
      }, inner)
      const caught = Effect.catchTag(body, "DeadlineExceeded", ({ deadline }) =>
        Effect.sync(() => seen.push(deadline.name!))
      )
      const { fiber, region } = yield* running(caught, { name: "outer", ...outer })
      return { fiber, inside: inside!, region, seen }
    })

  it("are asked with the one around them", () =>
    run(
      Effect.gen(function* () {
        const { fiber, inside, region } = yield* nested({ grace: 100 }, {})
        expect(yield* inside.isRequested).toBe(false)
        yield* region.request()
        expect(yield* inside.isRequested).toBe(true)
        expect(yield* endsAfter(fiber)).toBe(100)
      })
    ))

  it("may shorten the grace", () =>
    run(
      Effect.gen(function* () {
        const { fiber, region, seen } = yield* nested({ grace: 100 }, { grace: 40, name: "inner" })
        yield* region.request()
        expect(yield* endsAfter(fiber)).toBe(40)
        expect(seen).toEqual(["cut", "inner"])
      })
    ))

  it.each([{ grace: 1000, name: "inner" }, { name: "inner" }])(
    "and never lengthen it: %j",
    (inner) =>
      run(
        Effect.gen(function* () {
          const { fiber, region, seen } = yield* nested({ grace: 100 }, inner)
          yield* region.request()
          expect(yield* endsAfter(fiber)).toBe(100)
          expect(seen).toEqual(["cut"])
          expect(end(yield* Fiber.join(fiber))).toBe("outer")
        })
      )
  )

  it("asked alone, stop alone, with the outer grace at most", () =>
    run(
      Effect.gen(function* () {
        const { fiber, inside, region, seen } = yield* nested(
          { grace: 100 },
          { grace: 1000, name: "inner" }
        )
        yield* inside.request()
        expect(yield* endsAfter(fiber)).toBe(100)
        expect(seen).toEqual(["cut", "inner"])
        // The outer one had not been asked: it just ended.
        expect(region.deadline.nanos).toBeUndefined()
      })
    ))

  it("begun after the request are asked from the start, with what is left", () =>
    run(
      Effect.gen(function* () {
        const late = SoftCancel.run(() => Effect.andThen(SoftCancel.awaitRequest, Effect.never), {
          name: "late"
        })
        const { fiber, region } = yield* running(
          Effect.andThen(Effect.andThen(SoftCancel.awaitRequest, Effect.sleep(60)), late),
          { grace: 100 }
        )
        yield* region.request()
        expect(yield* endsAfter(fiber)).toBe(100)
      })
    ))

  it("a request's own grace is that of all of them", () =>
    run(
      Effect.gen(function* () {
        const { fiber, region } = yield* nested({ grace: 100 }, { grace: 80, name: "inner" })
        yield* region.request({ grace: 20 })
        expect(yield* endsAfter(fiber)).toBe(20)
      })
    ))
})
