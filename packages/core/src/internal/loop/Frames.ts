/** Which code a fiber runs: its span, and the frames that spans and `Effect.fn` leave behind. */
import type * as Fiber from "effect/Fiber"
import type { StackFrame } from "effect/References"
import type { Suspect } from "../../Blame.ts"
import { isInternal } from "../../Site.ts"

const framesMax = 8

const place = /\(?((?:file:\/\/|\/|[A-Z]:\\)[^()]*:\d+:\d+)\)?/

/** `at name (file:line:column)`, innermost first; at most 8. */
export const framesOf = (cache: Fiber.Fiber.Cache): ReadonlyArray<string> => {
  const frames: Array<string> = []
  let frame: StackFrame | undefined = cache.stackFrame
  while (frame !== undefined && frames.length < framesMax) {
    const where = place.exec(frame.stack() ?? "")?.[1]
    // A tail call leaves no frame in JavaScriptCore, and a handler is called by core: what is left
    // then is a place of Effect's or of ours, which tells nobody anything.
    const isKnown = where !== undefined && !isInternal(where)
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

const placeOf = ({ frames, span }: Suspect): string => {
  const placed = frames.find((frame) => frame.endsWith(")")) ?? frames[0]
  return placed?.replace(/^at /, "") ?? span ?? "a fiber without a span"
}

/** The same for every step of the same code. */
export const siteOf = (suspects: ReadonlyArray<Suspect>): string =>
  Array.from(new Set(suspects.map(placeOf))).join(", or ")
