/** However a fiber is cut short at a lock or a channel, nothing is lost and nobody is stuck. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Scope from "effect/Scope"
import { describe, expect, it } from "vitest"
import * as CapacityLimiter from "../../src/sync/CapacityLimiter.ts"
import * as Channel from "../../src/sync/Channel.ts"
import * as Condition from "../../src/sync/Condition.ts"
import * as SharedByteRing from "../../src/sync/SharedByteRing.ts"
import * as SharedMutex from "../../src/sync/SharedMutex.ts"
import * as SharedSemaphore from "../../src/sync/SharedSemaphore.ts"
import type { SyncError } from "../../src/sync/SyncError.ts"
import { ThreadSeats } from "../../src/sync/ThreadSeats.ts"
import { makeThreadSeats } from "../../src/internal/sync/makeThreadSeats.ts"
import { ScriptedPorts } from "../scripted/ScriptedPorts.ts"
import { Stepped, steps, stepsMax } from "../scripted/StepScheduler.ts"

class Rig {
  readonly ports = new ScriptedPorts()

  make<A>(effect: Effect.Effect<A, SyncError, ThreadSeats>): A {
    const seats = makeThreadSeats(this.ports.table)
    return Effect.runSync(Effect.provideService(effect, ThreadSeats, seats))
  }

  start<A, E>(effect: Effect.Effect<A, E>): Stepped<A, E> {
    return new Stepped(this.ports.host, effect)
  }

  /** What it gives, once all others have gone on as far as they can. */
  gives<A, E>(effect: Effect.Effect<A, E>): A | undefined {
    const fiber = this.start(effect)
    fiber.settle()
    const exit = fiber.fiber.pollUnsafe()
    return exit?._tag === "Success" ? exit.value : undefined
  }
}

interface Lock {
  readonly within: (effect: Effect.Effect<void>) => Effect.Effect<void, SyncError>
  readonly isFree: Effect.Effect<boolean, SyncError>
}

const locks: { readonly [name: string]: (rig: Rig) => Lock } = {
  "a shared mutex": (rig) => {
    const mutex = rig.make(SharedMutex.make())
    return { within: (effect) => mutex.withLock(effect), isFree: Effect.scoped(mutex.tryLock) }
  },
  "a shared semaphore": (rig) => {
    const one = rig.make(SharedSemaphore.make({ permits: 2 }))
    return {
      within: (effect) => one.withPermits(2, effect),
      isFree: Effect.scoped(one.tryAcquire(2))
    }
  },
  "a limiter": (rig) => {
    const one = rig.make(CapacityLimiter.make({ tokensMax: 1 }))
    return { within: (effect) => one.withToken(effect), isFree: Effect.scoped(one.tryAcquire) }
  }
}

describe.each(Object.entries(locks))("%s", (_, make) => {
  it.each(steps)("is free in the end, whoever is interrupted at step %i", (interrupt) => {
    for (const release of steps) {
      const rig = new Rig()
      const lock = make(rig)
      let letGo: () => void = () => {}
      const held = Effect.callback<void>((resume) => void (letGo = () => resume(Effect.void)))
      const holder = rig.start(lock.within(held))
      holder.settle()
      const waiter = rig.start(lock.within(Effect.void))
      for (let step = 0; step <= stepsMax; step++) {
        if (step === release) letGo()
        if (step === interrupt) waiter.interrupt()
        waiter.step()
        holder.step()
      }
      holder.settle()
      waiter.settle()
      expect(rig.gives(lock.isFree)).toBe(true)
    }
  })
})

/** Whose ends nobody closes. */
const channel = (capacity: number) =>
  Effect.provideService(Channel.make<number>({ capacity }), Scope.Scope, Scope.makeUnsafe())

describe("a channel", () => {
  it.each(steps)("loses nothing, when its receiver is interrupted at step %i", (interrupt) => {
    for (const send of steps) {
      const rig = new Rig()
      const { receiver, sender } = rig.make(channel(2))
      const taken: Array<number> = []
      const take = (value: Option.Option<number>) => void taken.push(Option.getOrThrow(value))
      const receiving = rig.start(Effect.map(receiver.receive, take))
      for (let step = 0; step <= stepsMax; step++) {
        if (step === send) Effect.runSync(sender.send(7))
        if (step === interrupt) receiving.interrupt()
        receiving.step()
      }
      receiving.settle()
      if (taken.length === 0) take(rig.gives(receiver.receive)!)
      expect(taken).toEqual([7])
    }
  })

  it.each(steps)(
    "puts in all or nothing, when its sender is interrupted at step %i",
    (interrupt) => {
      for (const receive of steps) {
        const rig = new Rig()
        const { receiver, sender } = rig.make(channel(1))
        Effect.runSync(sender.send(1))
        let isSent = false
        const sending = rig.start(Effect.map(sender.send(2), () => (isSent = true)))
        for (let step = 0; step <= stepsMax; step++) {
          if (step === receive) Effect.runSync(receiver.receive)
          if (step === interrupt) sending.interrupt()
          sending.step()
        }
        sending.settle()
        // The place is free, or the value is in it.
        const isFree = Effect.runSync(sender.trySend(3))
        expect(isFree).toBe(!isSent)
        expect(rig.gives(receiver.receive)).toEqual(Option.some(isSent ? 2 : 3))
      }
    }
  )

  it.each(steps)("keeps no place, when who reserves is interrupted at step %i", (interrupt) => {
    for (const receive of steps) {
      const rig = new Rig()
      const { receiver, sender } = rig.make(channel(1))
      Effect.runSync(sender.send(1))
      const reserving = rig.start(Effect.scoped(Effect.andThen(sender.reserve, Effect.void)))
      for (let step = 0; step <= stepsMax; step++) {
        if (step === receive) Effect.runSync(receiver.receive)
        if (step === interrupt) reserving.interrupt()
        reserving.step()
      }
      reserving.settle()
      expect(Effect.runSync(sender.trySend(3))).toBe(true)
    }
  })
})

describe("a ring", () => {
  it.each(steps)("loses nothing, when its reader is interrupted at step %i", (interrupt) => {
    for (const write of steps) {
      const rig = new Rig()
      const ring = rig.make(SharedByteRing.make({ capacityBytes: 64 }))
      const taken: Array<number> = []
      const take = (bytes: Option.Option<Uint8Array>) => {
        taken.push(...Option.getOrThrow(bytes))
      }
      const reading = rig.start(Effect.map(ring.read(), take))
      for (let step = 0; step <= stepsMax; step++) {
        if (step === write) rig.gives(ring.write(Uint8Array.of(1, 2)))
        if (step === interrupt) reading.interrupt()
        reading.step()
      }
      reading.settle()
      if (taken.length === 0) take(rig.gives(ring.read())!)
      expect(taken).toEqual([1, 2])
    }
  })
})

/**
 * Steps of the waiter's last ones, between which Effect lets an interruption drop what it was told:
 * those in which an uninterruptible region is left.
 */
const lostMax = 4

/** A condition is left in more of them. */
const manySteps = [...steps, ...steps.map((step) => step + stepsMax)]

interface Waiting {
  readonly withLock: <A>(effect: Effect.Effect<A, SyncError>) => Effect.Effect<A, SyncError>
  readonly await: Effect.Effect<void, SyncError>
  readonly notify: Effect.Effect<number, SyncError>
}

const conditions: { readonly [name: string]: (rig: Rig) => Waiting } = {
  "a condition": (rig) => {
    const one = rig.make(Condition.make())
    return { withLock: (effect) => one.withLock(effect), await: one.await, notify: one.notify(1) }
  },
  "a shared condition": (rig) => {
    const mutex = rig.make(SharedMutex.make())
    const one = mutex.condition()
    return { withLock: (effect) => mutex.withLock(effect), await: one.await, notify: one.notify(1) }
  }
}

describe.each(Object.entries(conditions))("%s", (_, make) => {
  it.each(manySteps)("wakes another, when one is interrupted at step %i", (interrupt) => {
    let lost = 0
    for (const notify of steps) {
      const rig = new Rig()
      const condition = make(rig)
      let hasGoneOn = false
      let notifying: Stepped<unknown, unknown> | undefined
      const goOn = Effect.map(condition.await, () => (hasGoneOn = true))
      const first = rig.start(condition.withLock(goOn))
      first.settle()
      const second = rig.start(condition.withLock(condition.await))
      second.settle()
      for (let step = 0; step <= 2 * stepsMax; step++) {
        if (step === notify) notifying = rig.start(condition.withLock(condition.notify))
        if (step === interrupt) first.interrupt()
        first.step()
        second.step()
        notifying?.step()
      }
      for (const _ of steps) {
        first.settle()
        notifying?.settle()
        second.settle()
      }
      const isDone = (one: Stepped<unknown, unknown>) => one.fiber.pollUnsafe() !== undefined
      expect(isDone(first)).toBe(true)
      // The second one waits only if the first one had come to its end with the notification.
      lost += Number(!isDone(second) && !hasGoneOn)
      rig.gives(condition.withLock(condition.notify))
      second.settle()
      expect(isDone(second)).toBe(true)
      expect(rig.gives(Effect.as(condition.withLock(Effect.void), true))).toBe(true)
    }
    expect(lost).toBeLessThanOrEqual(lostMax)
  })
})
