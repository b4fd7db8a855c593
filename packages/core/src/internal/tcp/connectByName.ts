/** `Tcp.connect` to a name: lookups of both families beside a `ConnectRace` of what they find. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import * as Address from "../../Address.ts"
import { IoError } from "../../IoError.ts"
import type { InetPortAddress } from "../../port/PortAddress.ts"
import type { StreamPort } from "../../port/StreamPort.ts"
import { Reason } from "../../Reason.ts"
import type { ResolverService } from "../../Resolver.ts"
import type { ConnectOptions } from "../../TcpOptions.ts"
import type { Family } from "./AddressQueue.ts"
import * as Check from "../Check.ts"
import { ConnectRace, type RaceOptions } from "./ConnectRace.ts"
import type { HandleTable } from "../HandleTable.ts"
import { defaults } from "./TcpArguments.ts"
import { worst } from "../scope/worst.ts"

const operation = "Tcp.connect"

export interface ByName {
  readonly table: HandleTable
  readonly resolver: ResolverService
  readonly options: ConnectOptions
  readonly name: string
  readonly port: number
  readonly connect: RaceOptions["connect"]
}

export interface Owner<Stream> {
  /** Takes the winner over, in the callback that delivered it. */
  readonly adopt: (port: StreamPort, address: InetPortAddress) => Stream
  /** Undoes `adopt` when nobody is there to take the result. */
  readonly discard: (stream: Stream) => Effect.Effect<void>
}

export const connectByName = <Stream>(
  of: ByName,
  owner: Owner<Stream>
): Effect.Effect<Stream, IoError> =>
  Effect.suspend(() => {
    const families = familiesOf(of.options)
    const result = new Outcome(owner)
    const race = new ConnectRace({
      ...timing(of),
      families,
      connect: of.connect,
      onWon: (port, address) => result.won(owner.adopt(port, address)),
      onLost: (lookups, attempts) => result.lost(lost(of, lookups, attempts))
    })
    const racing = result.await(of, race)
    // The race may be over before all lookups are: they end with it.
    return Effect.uninterruptibleMask((restore) =>
      Effect.flatMap(
        Effect.forkChild(Effect.interruptible(lookUp(of, families, race)), {
          startImmediately: true
        }),
        (looking) =>
          Effect.onExit(restore(racing), (exit) => {
            // Interrupted before it waited, nobody else gives the race up.
            const over = Exit.isSuccess(exit) ? Effect.void : result.giveUp(race)
            return Effect.andThen(over, Fiber.interrupt(looking))
          })
      )
    )
  })

/** How a race ended, for the one fiber that waits for it. */
class Outcome<Stream> {
  private readonly owner: Owner<Stream>
  private stream: { readonly adopted: Stream } | undefined
  // It may end before anybody waits.
  private ended: Effect.Effect<Stream, IoError> | undefined
  private resume: (outcome: Effect.Effect<Stream, IoError>) => void = () => {}

  constructor(owner: Owner<Stream>) {
    this.owner = owner
  }

  won(adopted: Stream): void {
    this.stream = { adopted }
    this.end(Effect.succeed(adopted))
  }

  lost(error: IoError): void {
    this.end(Effect.fail(error))
  }

  private end(outcome: Effect.Effect<Stream, IoError>): void {
    this.ended = outcome
    this.resume(outcome)
  }

  await(of: ByName, race: ConnectRace): Effect.Effect<Stream, IoError> {
    return Effect.callback((resume) => {
      const abort = () => {
        race.cancel()
        this.lost(failure(of, Reason.Closed()))
      }
      const { attempts, isShutDown } = of.table
      const underWay = openingOf(of, abort)
      // Not assigned as a literal: V8 makes such a closure in old space.
      const finish: typeof this.resume = (outcome) => {
        attempts.delete(underWay)
        resume(outcome)
      }
      this.resume = finish
      attempts.add(underWay)
      if (isShutDown) abort()
      else if (this.ended !== undefined) this.resume(this.ended)
      return Effect.sync(() => void attempts.delete(underWay))
    })
  }

  /** The race ends, and what it won is discarded. */
  giveUp(race: ConnectRace): Effect.Effect<void> {
    return Effect.suspend(() => {
      race.cancel()
      return this.stream === undefined ? Effect.void : this.owner.discard(this.stream.adopted)
    })
  }
}

const timing = ({ options, port, table }: ByName) => ({
  operation,
  port,
  attemptDelayMillis: Math.round(Check.millis(options.attemptDelay ?? defaults.attemptDelay)),
  resolutionDelayMillis: Math.round(
    Check.millis(options.resolutionDelay ?? defaults.resolutionDelay)
  ),
  startTimer: (millis: number, callback: () => void) =>
    table.ports.loop.startTimer(millis, callback)
})

const openingOf = ({ name, port }: ByName, abort: () => void) => ({
  operation,
  address: Address.formatInput({ host: name, port }),
  fiberId: Fiber.getCurrent()?.id ?? 0,
  abort
})

/** Who binds an address first can reach its family only. */
const familiesOf = ({ local }: ConnectOptions): ReadonlyArray<Family> => {
  if (local === undefined) return [6, 4]
  return (local.host ?? defaults.host).includes(":") ? [6] : [4]
}

const lookUp = (
  { name, resolver }: ByName,
  families: ReadonlyArray<Family>,
  race: ConnectRace
): Effect.Effect<void> => {
  const one = (asked: ReadonlyArray<Family>) =>
    Effect.match(resolver.lookup(name, asked.length === 1 ? { family: asked[0] } : {}), {
      onSuccess: (addresses) => race.found(asked, addresses),
      onFailure: (error) => race.missed(asked, error)
    })
  if (!resolver.isPerFamily) return one(families)
  const each = families.map((family) => one([family]))
  return Effect.all(each, { concurrency: each.length, discard: true })
}

const failure = ({ name, port }: ByName, reason: Reason, cause?: unknown): IoError =>
  new IoError({ operation, reason, address: Address.formatInput({ host: name, port }), cause })

/** What the last attempt failed with, or, without one, what was wrong with the name. */
const lost = (
  of: ByName,
  lookups: ReadonlyArray<IoError>,
  attempts: ReadonlyArray<IoError>
): IoError => {
  const { reason } = attempts.at(-1) ?? worst(lookups)
  const all = new AggregateError([...lookups, ...attempts], `No connection to ${of.name}`)
  return failure(of, reason, all)
}
