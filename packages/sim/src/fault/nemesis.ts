/** Strikes a world's hosts and network, now here and now there, as the seed has it. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Machine } from "../hosts/Machine.ts"
import { chanceMax, type LinkState } from "../kernel/Link.ts"
import type { Network } from "../kernel/Network.ts"
import type { Prng } from "../Prng.ts"
import type { FaultProfile, Strike } from "./FaultProfile.ts"
import { NameFaults } from "./NameFaults.ts"

export interface Nemesis {
  readonly draws: Prng
  /** What becomes of lookups is drawn from it. */
  readonly names: Prng
  readonly network: Network
  readonly profile: FaultProfile
  /** Whom it may strike. */
  readonly machines: ReadonlyArray<Machine>
  /** Hosts that may be down at the same time. */
  readonly downMax: number
}

/** How long a strike lasts, in virtual milliseconds. */
const durationsMillis = [10, 100, 500, 2000, 5000] as const
/** The last event of a host at which a crash is placed. */
const eventsMax = 64
/** How far a clock is set, in milliseconds. */
const stepsMillis = [100, -100, 5000, -5000, 3_600_000, -3_600_000] as const
const driftsPpm = [0, 200, -200, 50_000, -50_000] as const

/** What is always there begins, strikes come one after the other; all of it ends with the scope. */
export const unleash = (nemesis: Nemesis): Effect.Effect<void, never, Scope.Scope> =>
  Effect.gen(function* () {
    const { profile } = nemesis
    yield* linked(nemesis, (from, to) => from !== to, profile.link)
    if (profile.families.includes("disk")) yield* slowDisks(nemesis)
    if (profile.families.includes("reads")) yield* shortReads(nemesis)
    if (profile.families.includes("names")) yield* failNames(nemesis)
    if (profile.strikes.length > 0 && nemesis.machines.length > 0) {
      yield* Effect.forkScoped(Effect.forever(strikeOnce(nemesis)))
    }
  })

const linked = (
  { network }: Nemesis,
  applies: (from: number, to: number) => boolean,
  change: Partial<LinkState>
) =>
  Effect.acquireRelease(
    Effect.sync(() => network.links.add({ applies, change })),
    (remove) => Effect.sync(remove)
  )

const slowDisks = ({ machines }: Nemesis) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      const faults = { stalls: 20, stallNanos: 50e6, shortReads: 50, shortWrites: 50 }
      for (const { disk } of machines) disk.setFaults(faults)
    }),
    () =>
      Effect.sync(() => {
        for (const { disk } of machines) disk.setFaults({})
      })
  )

/** Of every fourth read. */
const shortReadChance = chanceMax / 4

const shortReads = ({ machines }: Nemesis) => {
  const set = (chance: number) =>
    Effect.sync(() => {
      for (const { site } of machines) site.shortReads = chance
    })
  return Effect.acquireRelease(set(shortReadChance), () => set(0))
}

const failNames = ({ machines, names }: Nemesis) =>
  Effect.acquireRelease(
    Effect.sync(() => {
      for (const machine of machines) {
        machine.zone.faults = new NameFaults(names, () => void machine.struck++)
      }
    }),
    () =>
      Effect.sync(() => {
        for (const { zone } of machines) zone.faults = undefined
      })
  )

const pick = <A>({ draws }: Nemesis, values: ReadonlyArray<A>): A =>
  values[draws.below(values.length)]!

const strikeOnce = (nemesis: Nemesis) =>
  Effect.gen(function* () {
    const { draws, profile } = nemesis
    // 0 is the longest pause: a shrunk run has few strikes, not one each millisecond.
    yield* Effect.sleep(profile.pauseMillis - draws.below(profile.pauseMillis))
    const strike = pick(nemesis, profile.strikes)
    const millis = pick(nemesis, durationsMillis)
    if (strike === "partition" || strike === "hold") {
      yield* Effect.forkScoped(Effect.scoped(divide(nemesis, strike, millis)))
    } else strikeHost(nemesis, strike, millis)
  })

/** Each host is on this side or on that; one way, or both. */
const divide = (nemesis: Nemesis, strike: "partition" | "hold", millis: number) =>
  Effect.gen(function* () {
    const { draws, machines } = nemesis
    const here = new Set(machines.filter(() => draws.below(2) === 1).map(({ site }) => site.number))
    const oneWay = draws.below(3) === 1
    const applies = (from: number, to: number) =>
      here.has(from) !== here.has(to) && (!oneWay || here.has(from))
    const mode = draws.below(4) === 1 ? "reject" : "drop"
    yield* linked(nemesis, applies, strike === "hold" ? { isHeld: true } : { partition: mode })
    yield* Effect.sleep(millis)
  })

const strikeHost = (
  nemesis: Nemesis,
  strike: Exclude<Strike, "partition" | "hold">,
  millis: number
): void => {
  const { draws } = nemesis
  const machine = pick(nemesis, nemesis.machines)
  if (strike === "pause") return machine.pause(millis * 1e6)
  if (strike === "clock") {
    machine.stepClock(pick(nemesis, stepsMillis) * 1e6)
    return machine.drift(pick(nemesis, driftsPpm))
  }
  const crash = () => {
    const down = nemesis.machines.filter(({ state }) => state !== "running").length
    if (machine.state !== "running" || down >= nemesis.downMax) return
    if (strike === "kill") machine.kill()
    else machine.powerOff("random")
    machine.restartIn(millis * 1e6)
  }
  // Most bugs of crashes lie just behind an event, so most crashes are placed there.
  const index = draws.below(eventsMax)
  if (index === 0) crash()
  else machine.strikeAt(index, crash)
}
