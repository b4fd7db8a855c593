/**
 * Lookups by the system's resolver: few at a time, for each holds a thread of the pool that reads
 * files, and it cannot be cancelled. One that is interrupted holds its place until the host is
 * through with it.
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { IoError } from "../../IoError.ts"
import type { LookupRequest } from "../../port/ResolverPort.ts"
import { Reason } from "../../Reason.ts"
import { addressOf } from "./DnsClient.ts"
import type { HandleTable } from "../HandleTable.ts"
import { type Place, Turnstile } from "../Turnstile.ts"

const operation = "Resolver.lookup"

export class SystemLookups {
  private readonly table: HandleTable
  private readonly turnstile: Turnstile

  constructor(table: HandleTable) {
    this.table = table
    this.turnstile = new Turnstile(table, "lookups under way", table.ports.resolver.lookupsMax)
  }

  /** Literals in the system's order, one at least. */
  lookup(request: LookupRequest): Effect.Effect<ReadonlyArray<string>, IoError> {
    return this.turnstile.within({ operation, address: addressOf(request.name) }, (place) =>
      this.start(request, place)
    )
  }

  private start(
    request: LookupRequest,
    place: Place
  ): Effect.Effect<ReadonlyArray<string>, IoError> {
    const address = addressOf(request.name)
    const failed = (reason: Reason, cause?: unknown) =>
      Effect.fail(new IoError({ operation, reason, address, cause }))
    return Effect.callback((resume) => {
      const { attempts, isShutDown, ports } = this.table
      if (isShutDown) return resume(failed(Reason.Closed()))
      const abort = () => end(failed(Reason.Closed()))
      const underWay = { operation, address, fiberId: Fiber.getCurrent()?.id ?? 0, abort }
      const end = (effect: Effect.Effect<ReadonlyArray<string>, IoError>) => {
        attempts.delete(underWay)
        resume(effect)
      }
      attempts.add(underWay)
      place.keep()
      ports.resolver.lookup(request, {
        onFound: (addresses) => {
          place.leave()
          end(addresses.length === 0 ? failed(Reason.NameNotFound()) : Effect.succeed(addresses))
        },
        onFailed: ({ cause, reason }) => {
          place.leave()
          end(failed(reason, cause))
        }
      })
      return Effect.sync(() => void attempts.delete(underWay))
    })
  }
}
