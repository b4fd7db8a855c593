/**
 * Happy Eyeballs (RFC 8305): attempts at a host's addresses, begun one after the other, of which
 * the first to connect wins.
 *
 * All of it happens in callbacks of the host, so what is decided is decided in one step. An attempt
 * has no time limit of its own: one that takes 300 ms is overtaken, not given up.
 */
import type { ResolvedAddress } from "../../Answer.ts"
import { IoError } from "../../IoError.ts"
import type { PortTimer } from "../../port/LoopPort.ts"
import type { InetPortAddress } from "../../port/PortAddress.ts"
import type { PortFailure } from "../../port/PortFailure.ts"
import type { StreamPort } from "../../port/StreamPort.ts"
import type { Attempt } from "../../port/TcpPort.ts"
import * as Address from "../../Address.ts"
import { AddressQueue, type Family, otherFamily } from "./AddressQueue.ts"

export interface RaceOptions {
  readonly operation: string
  readonly port: number
  readonly attemptDelayMillis: number
  readonly resolutionDelayMillis: number
  /** The families whose addresses will be told, or that there are none. */
  readonly families: ReadonlyArray<Family>
  readonly startTimer: (millis: number, callback: () => void) => PortTimer
  readonly connect: (
    address: InetPortAddress,
    onConnected: (port: StreamPort) => void,
    onFailed: (failure: PortFailure) => void
  ) => Attempt
  /** Exactly one of the two is called, once, unless `cancel` came before. */
  readonly onWon: (port: StreamPort, address: InetPortAddress) => void
  /** Failed lookups, IPv6 first, then attempts, in the order in which they began. */
  readonly onLost: (lookups: ReadonlyArray<IoError>, attempts: ReadonlyArray<IoError>) => void
}

export class ConnectRace {
  private readonly options: RaceOptions
  private readonly queue = new AddressQueue()
  private readonly unanswered: Set<Family>
  private readonly lookupFailures = new Map<Family, IoError>()
  private readonly running = new Map<number, Attempt>()
  private readonly failures: Array<readonly [number: number, error: IoError]> = []
  private begun = 0
  private isOver = false
  // Armed while the next attempt has to wait, for the other family or for the last attempt.
  private resolutionTimer: PortTimer | undefined
  private attemptTimer: PortTimer | undefined

  constructor(options: RaceOptions) {
    this.options = options
    this.unanswered = new Set(options.families)
  }

  /** Addresses came, of the families given, which have no more to tell. */
  found(families: ReadonlyArray<Family>, addresses: ReadonlyArray<ResolvedAddress>): void {
    if (this.isOver) return
    for (const family of families) this.unanswered.delete(family)
    this.queue.add(addresses)
    const isIPv4Alone = this.begun === 0 && this.unanswered.has(6)
    if (!isIPv4Alone) return this.proceed()
    // IPv6 is preferred, so it may be late by a little (§3).
    this.resolutionTimer ??= this.options.startTimer(this.options.resolutionDelayMillis, () => {
      this.resolutionTimer = undefined
      this.proceed()
    })
  }

  /** There are no addresses of the families given. */
  missed(families: ReadonlyArray<Family>, error: IoError): void {
    if (this.isOver) return
    for (const family of families) {
      this.unanswered.delete(family)
      this.lookupFailures.set(family, error)
    }
    this.proceed()
  }

  /** Frees what was begun; nothing is told any more. */
  cancel(): void {
    if (this.isOver) return
    this.isOver = true
    this.resolutionTimer?.cancel()
    this.attemptTimer?.cancel()
    for (const attempt of this.running.values()) attempt.cancel()
    this.running.clear()
  }

  private proceed(): void {
    if (this.isOver) return
    if (this.attemptTimer === undefined) this.tryNext()
    this.endIfLost()
  }

  /** Begins an attempt at the next address; without one, nothing is to be waited for. */
  private tryNext(): void {
    const host = this.queue.take()
    if (host === undefined) return
    this.resolutionTimer?.cancel()
    this.resolutionTimer = undefined
    this.attemptTimer = this.options.startTimer(this.options.attemptDelayMillis, () => {
      this.attemptTimer = undefined
      this.proceed()
    })
    const number = this.begun++
    const address: InetPortAddress = { _tag: "Inet", host, port: this.options.port }
    const attempt = this.options.connect(
      address,
      (port) => this.connected(number, port, address),
      (failure) => this.attemptFailed(number, address, failure)
    )
    this.running.set(number, attempt)
  }

  private connected(number: number, port: StreamPort, address: InetPortAddress): void {
    this.running.delete(number)
    this.cancel()
    this.options.onWon(port, address)
  }

  private attemptFailed(number: number, address: InetPortAddress, failure: PortFailure): void {
    this.running.delete(number)
    const { operation } = this.options
    const { cause, reason } = failure
    const at = Address.formatInput(address)
    this.failures.push([number, new IoError({ operation, reason, address: at, cause })])
    // A fast failure starts the next at once (§5).
    this.attemptTimer?.cancel()
    this.attemptTimer = undefined
    this.proceed()
  }

  private endIfLost(): void {
    if (this.running.size > 0 || !this.queue.isEmpty || this.unanswered.size > 0) return
    this.cancel()
    const lookups = [6 as const, otherFamily(6)].flatMap(
      (family) => this.lookupFailures.get(family) ?? []
    )
    this.failures.sort(([a], [b]) => a - b)
    this.options.onLost(
      Array.from(new Set(lookups)),
      this.failures.map(([, error]) => error)
    )
  }
}
