/**
 * A lock in shared memory: permits, those who hold some, and one line of those who wait.
 *
 * Strictly first come, first served: who is at the head of the line and does not fit holds up all
 * behind, and who comes while anybody waits stands behind. So a mutex is one permit, a read-write
 * lock one for each reader and all for a writer, and neither starves anybody.
 *
 * Permits are handed over: they are the next one's in the step that releases them. All changes
 * happen within the guard, a word that is held for some hundred instructions; who dies in there
 * leaves the lock broken.
 */
import { AlreadyOwner, Broken, Closed, NotOwner, type SyncReason } from "../../sync/SyncReason.ts"
import { at, inPlace, Kind, List, type MonitorMemory, State } from "./MonitorMemory.ts"
import type { Party } from "./Party.ts"

/** After so many tries the guard's owner is probably not running just now. */
export const triesMax = 200
/** How long a thread waits for the guard until it looks whether the owner has died. */
const guardMillis = 5

export class Monitor {
  readonly memory: MonitorMemory
  /** To be woken once the guard is free. */
  private woken: Array<number> = []

  constructor(memory: MonitorMemory) {
    this.memory = memory
  }

  get isBroken(): boolean {
    return this.memory.header(at.broken) !== 0
  }

  /** Whether somebody has died since this lock looked at who is here. */
  isUnseen(party: Party): boolean {
    return this.memory.header(at.deathsSeen) !== party.seats.deaths
  }

  /** Takes the guard; false when somebody else has it. To be followed by `exit`. */
  tryEnter(party: Party): boolean {
    const { memory } = this
    for (let tries = 0; tries < triesMax; tries++) {
      const owner = Atomics.compareExchange(memory.words, at.guard, 0, party.id)
      if (owner !== 0) {
        if (party.seats.isAlive(owner)) continue
        if (Atomics.compareExchange(memory.words, at.guard, owner, party.id) !== owner) continue
        this.break(owner)
      }
      this.sweep(party)
      return true
    }
    return false
  }

  /** The same, blocking the thread. */
  enter(party: Party): void {
    const { words } = this.memory
    while (!this.tryEnter(party)) {
      Atomics.add(words, at.guardWaiters, 1)
      const owner = Atomics.load(words, at.guard)
      if (owner !== 0) Atomics.wait(words, at.guard, owner, guardMillis)
      Atomics.sub(words, at.guardWaiters, 1)
    }
  }

  exit(party: Party): void {
    const { words } = this.memory
    // Not if it was taken away, from one who counts as gone.
    Atomics.compareExchange(words, at.guard, party.id, 0)
    if (Atomics.load(words, at.guardWaiters) > 0) Atomics.notify(words, at.guard, 1)
    if (this.woken.length === 0) return
    // Who dies before this has woken nobody; but a death makes everybody look.
    const { woken } = this
    this.woken = []
    for (const id of woken) party.wake(id)
  }

  /** For good. Lists may be half changed, so places are told one by one. */
  private break(id: number): void {
    const { memory } = this
    memory.setHeader(at.broken, id)
    for (let place = 0; place < memory.placesMax; place++) {
      if (memory.read(place, inPlace.state) === State.unused) continue
      this.woken.push(memory.read(place, inPlace.id))
    }
  }

  /** Those who have died: a holder breaks the lock, others are forgotten. */
  private sweep(party: Party): void {
    const { memory } = this
    const { deaths } = party.seats
    if (this.isBroken || memory.header(at.deathsSeen) === deaths) return
    memory.setHeader(at.deathsSeen, deaths)
    const isBarrier = memory.header(at.kind) === Kind.barrier
    for (let place = 0; place < memory.placesMax; place++) {
      const state = memory.read(place, inPlace.state)
      if (state === State.unused) continue
      const id = memory.read(place, inPlace.id)
      if (party.seats.isAlive(id)) continue
      const isWaiting = state === State.waiting
      if (state === State.held || (isBarrier && isWaiting)) return this.break(id)
      this.drop(place)
    }
  }

  /** Asks for permits: the place, granted at once or waiting; or why not. */
  acquire(party: Party, fiber: number, amount: number): number | SyncReason {
    const { memory } = this
    const refused = this.refusal(party)
    if (refused !== undefined) return refused
    const isCounted = memory.header(at.kind) === Kind.semaphore
    if (!isCounted && this.find(party.id, fiber) >= 0) return AlreadyOwner
    const place = memory.allot(party.id, fiber, amount)
    if (place < 0) return { _tag: "TooManyWaiters", waitersMax: memory.placesMax }
    memory.append(place, List.waiters)
    memory.write(place, inPlace.state, State.waiting)
    this.advance(place)
    return place
  }

  /** The same if it is to be had without waiting, and -1 if it is not. */
  tryAcquire(party: Party, fiber: number, amount: number): number | SyncReason {
    const { memory } = this
    const isFree = memory.size(List.waiters) === 0 && memory.header(at.free) >= amount
    return isFree ? this.acquire(party, fiber, amount) : (this.refusal(party) ?? -1)
  }

  refusal(party: Party): SyncReason | undefined {
    if (this.isBroken) return Broken
    return party.isAlive ? undefined : Closed
  }

  /** After permits became free. */
  handOver(): void {
    this.advance()
  }

  /** Whoever is first in line and fits has his permits. Who asks need not be woken. */
  private advance(asking = -1): void {
    const { memory } = this
    for (;;) {
      const place = memory.first(List.waiters)
      if (place < 0) return
      const free = memory.header(at.free)
      const amount = memory.read(place, inPlace.amount)
      if (amount > free) return
      memory.setHeader(at.free, free - amount)
      memory.remove(place)
      memory.append(place, List.holders)
      memory.write(place, inPlace.state, State.granted)
      if (place !== asking) this.woken.push(memory.read(place, inPlace.id))
    }
  }

  /** Without the guard: whether it was granted, which is then seen. */
  take(party: Party, place: number): boolean {
    if (!this.memory.moves(place, State.granted, State.held)) return false
    party.heldCount++
    return true
  }

  /** Of one's own place. */
  isHeld(place: number): boolean {
    return this.memory.read(place, inPlace.state) === State.held
  }

  /** Of an arrival, in the step in which it came. */
  wasLast(place: number): boolean {
    const { memory } = this
    return memory.read(place, inPlace.amount) === memory.header(at.capacity) - 1
  }

  /** The same of a barrier, where nothing is held: the place is free again. */
  pass(place: number): boolean {
    return this.memory.moves(place, State.granted, State.unused)
  }

  /** Whoever has this place goes, whether he holds, waits, or is broken with the rest. */
  leave(party: Party, place: number): void {
    const { memory } = this
    if (memory.read(place, inPlace.state) === State.held) party.heldCount--
    if (!this.isBroken && party.isAlive) this.drop(place)
  }

  private drop(place: number): void {
    const { memory } = this
    const state = memory.read(place, inPlace.state)
    memory.remove(place)
    memory.write(place, inPlace.state, State.unused)
    memory.write(place, inPlace.ticket, memory.read(place, inPlace.ticket) + 1)
    if (state === State.held || state === State.granted) {
      const amount = memory.read(place, inPlace.amount)
      memory.setHeader(at.free, memory.header(at.free) + amount)
    }
    if (memory.header(at.kind) !== Kind.barrier) this.advance()
  }

  /** The place by which somebody holds it, or -1. */
  find(id: number, fiber: number): number {
    const { memory } = this
    for (let place = memory.first(List.holders); place >= 0; place = memory.next(place)) {
      if (memory.read(place, inPlace.id) !== id) continue
      if (memory.read(place, inPlace.fiber) !== fiber) continue
      if (memory.read(place, inPlace.state) === State.held) return place
    }
    return -1
  }

  /** Gives back what was acquired by one who holds it; the place, or why not. */
  release(party: Party, fiber: number): number | SyncReason {
    // Of a broken lock the lists may be half changed, and there is nobody to hand it to.
    if (this.isBroken) return 0
    const place = this.find(party.id, fiber)
    if (place < 0) return NotOwner
    this.leave(party, place)
    return place
  }

  /** Gives up waiting for a notification: as if notified, but false if it was already. */
  unwait(place: number): boolean {
    const { memory } = this
    if (memory.read(place, inPlace.state) !== State.inCondition) return false
    this.requeue(place)
    this.advance()
    return true
  }

  private requeue(place: number): void {
    const { memory } = this
    memory.remove(place)
    memory.append(place, List.waiters)
    memory.write(place, inPlace.state, State.waiting)
  }

  /** A holder lets go and waits for a notification; he holds it again when that is granted. */
  wait(party: Party, fiber: number, condition: number): number | SyncReason {
    const { memory } = this
    if (this.isBroken) return Broken
    const place = this.find(party.id, fiber)
    if (place < 0) return NotOwner
    memory.remove(place)
    memory.append(place, List.conditions + condition)
    memory.write(place, inPlace.state, State.inCondition)
    memory.setHeader(at.free, memory.header(at.free) + memory.read(place, inPlace.amount))
    party.heldCount--
    this.advance()
    return place
  }

  /** Those who wait longest stand in line for the lock; how many they are. */
  notify(party: Party, fiber: number, condition: number, count: number): number | SyncReason {
    const { memory } = this
    if (this.isBroken) return Broken
    if (this.find(party.id, fiber) < 0) return NotOwner
    return this.requeueFirst(condition, Math.min(count, memory.placesMax))
  }

  requeueFirst(condition: number, count: number): number {
    for (let done = 0; done < count; done++) {
      const place = this.memory.first(List.conditions + condition)
      if (place < 0) return done
      this.requeue(place)
    }
    return count
  }

  /** At a barrier: the place; who is last lets all go. */
  arrive(party: Party, fiber: number): number | SyncReason {
    const { memory } = this
    const refused = this.refusal(party)
    if (refused !== undefined) return refused
    const place = memory.allot(party.id, fiber, memory.size(List.waiters))
    if (place < 0) return { _tag: "TooManyWaiters", waitersMax: memory.placesMax }
    memory.append(place, List.waiters)
    memory.write(place, inPlace.state, State.waiting)
    if (memory.size(List.waiters) < memory.header(at.capacity)) return place
    for (let one = place; one >= 0; one = memory.first(List.waiters)) {
      memory.remove(one)
      memory.write(one, inPlace.state, State.granted)
      if (one !== place) this.woken.push(memory.read(one, inPlace.id))
    }
    return place
  }
}
