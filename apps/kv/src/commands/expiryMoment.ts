/** When something is to expire, as commands say it. */
import type { Engine } from "../Engine.ts"
import type { Request } from "../resp/Request.ts"
import { number } from "./argument.ts"
import * as Problem from "./Problem.ts"

/** Seconds or milliseconds, from now on or since 1970. */
export type ExpiryUnit = "ex" | "exat" | "px" | "pxat"

const units: ReadonlyArray<ExpiryUnit> = ["ex", "px", "exat", "pxat"]

export const expiryUnitOf = (request: Request, index: number): ExpiryUnit | undefined =>
  units.find((unit) => request.is(index, unit))

/** A number beyond 2^53 ms is no moment that anybody means. */
const isMoment = (millis: number): boolean => Number.isSafeInteger(millis)

/** During recovery there is no clock, and nothing but moments in the log. */
const momentOf = (engine: Engine, value: number, unit: ExpiryUnit): number => {
  const millis = unit === "ex" || unit === "exat" ? value * 1_000 : value
  return unit === "ex" || unit === "px" ? millis + engine.keyspace.now : millis
}

/**
 * Milliseconds since 1970 of what word `index` says; may have passed. Undefined: an error was
 * written.
 */
export const anyMoment = (
  engine: Engine,
  request: Request,
  index: number,
  unit: ExpiryUnit,
  name: string
): number | undefined => {
  const value = number(engine, request, index)
  if (value === undefined) return undefined
  const moment = momentOf(engine, value, unit)
  if (isMoment(moment)) return moment
  engine.fail(Problem.invalidExpiry(name))
  return undefined
}

/** As `anyMoment`; zero and less are refused, as SET does. */
export const expiryMoment = (
  engine: Engine,
  request: Request,
  index: number,
  unit: ExpiryUnit,
  name: string
): number | undefined => {
  const value = number(engine, request, index)
  if (value === undefined) return undefined
  if (value <= 0) {
    engine.fail(Problem.invalidExpiry(name))
    return undefined
  }
  return anyMoment(engine, request, index, unit, name)
}
