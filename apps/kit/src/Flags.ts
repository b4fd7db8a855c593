/** Kinds of options that apps share: integers and durations within bounds, addresses. */
import * as Flag from "effect/cli/Flag"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import { Address } from "@portico/core"

export const int = (name: string, bounds: { readonly min: number; readonly max: number }) =>
  Flag.Int(name).pipe(
    Flag.filter(
      (value) => value >= bounds.min && value <= bounds.max,
      () => `an integer from ${bounds.min} to ${bounds.max}`
    )
  )

export const port = (name: string) => int(name, { min: 0, max: 65_535 })

type DurationText = `${number} ${Duration.Unit}`

export const duration = (
  name: string,
  bounds: { readonly min: DurationText; readonly max: DurationText }
) =>
  Flag.String(name).pipe(
    Flag.filterMap(
      (text) =>
        Duration.fromInput(text as Duration.Input).pipe(
          Option.filter(
            Duration.between({
              minimum: Duration.fromInputUnsafe(bounds.min),
              maximum: Duration.fromInputUnsafe(bounds.max)
            })
          )
        ),
      () => `a duration from ${bounds.min} to ${bounds.max}, such as "30 seconds"`
    ),
    Flag.withMetavar("duration")
  )

/** An address to listen on. */
export const localHost = (name: string) =>
  Flag.String(name).pipe(
    Flag.filter(
      (host) => Address.literals(host, 0) !== undefined,
      () => "an IP address or localhost"
    )
  )

/** As `localHost`, for sockets that have one address: UDP. */
export const localAddress = (name: string) =>
  Flag.String(name).pipe(
    Flag.filter(
      (host) => Address.literals(host, 0)?.length === 1,
      () => "an IP address"
    )
  )
