/** Which code a fiber runs: its span, and the frames that spans and `Effect.fn` leave behind. */
import type * as Fiber from "effect/Fiber"
import type { StackFrame } from "effect/References"
import type { Suspect } from "../Blame.ts"

const framesMax = 8

const place = /\(?((?:file:\/\/|\/|[A-Z]:\\)[^()]*:\d+:\d+)\)?/
// What a span is opened by in a tail call has no frame in JavaScriptCore: Effect's own comes first.
const isEffects = /\/effect\/(src|dist)\//

/** `at name (file:line:column)`, innermost first; at most 8. */
export const framesOf = (cache: Fiber.Fiber.Cache): ReadonlyArray<string> => {
  const frames: Array<string> = []
  let frame: StackFrame | undefined = cache.stackFrame
  while (frame !== undefined && frames.length < framesMax) {
    const where = place.exec(frame.stack() ?? "")?.[1]
    const isKnown = where !== undefined && !isEffects.test(where)
    frames.push(isKnown ? `at ${frame.name} (${where})` : `at ${frame.name}`)
    frame = frame.parent
  }
  return frames
}

export const spanOf = (cache: Fiber.Fiber.Cache): string | undefined =>
  (cache.span?._tag === "Span" ? cache.span.name : undefined) ?? cache.stackFrame?.name

export const suspectOf = (fiberId: number, cache: Fiber.Fiber.Cache): Suspect => ({
  fiberId,
  span: spanOf(cache),
  frames: framesOf(cache)
})

/** The same for every step of the same code. */
export const siteOf = (suspects: ReadonlyArray<Suspect>): string =>
  suspects
    .map(({ frames, span }) => frames[0]?.replace(/^at /, "") ?? span ?? "a fiber without a span")
    .join(", or ")
