/**
 * A listener as users hold it: one port, or two for `localhost`, and the fibers that accept.
 */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import * as Address from "../../Address.ts"
import type { HandleCounters, Wait } from "../../Handle.ts"
import type { IoError } from "../../IoError.ts"
import type { ListenerEvents, ListenerPort } from "../../port/ListenerPort.ts"
import { PortFailure } from "../../port/PortFailure.ts"
import { WouldBlock } from "../../port/StreamPort.ts"
import { Reason } from "../../Reason.ts"
import type { TcpListener } from "../../TcpListener.ts"
import type { TcpStream } from "../../TcpStream.ts"
import { HandleBase } from "../HandleBase.ts"
import type { HandleTable } from "../HandleTable.ts"
import { type Restore, scoped } from "../scoped.ts"
import { StreamHandle, type StreamSettings } from "../stream/StreamHandle.ts"

interface AcceptWait extends Wait {
  readonly wake: () => void
}

export class ListenerHandle extends HandleBase implements TcpListener, ListenerEvents {
  readonly kind: TcpListener["kind"]
  readonly addresses: ReadonlyArray<Address.Address>
  readonly waits: Array<AcceptWait> = []
  private readonly ports: ReadonlyArray<ListenerPort>
  private readonly settings: StreamSettings
  private portsOpen: number
  private connectionsAccepted = 0

  constructor(table: HandleTable, ports: ReadonlyArray<ListenerPort>, settings: StreamSettings) {
    super(table)
    this.kind = settings.kind === "UnixStream" ? "UnixListener" : "TcpListener"
    this.ports = ports
    this.portsOpen = ports.length
    this.settings = settings
    this.addresses = ports.map((port) => Address.fromPort(port.localAddress))
    for (const port of ports) port.attach(this)
  }

  get site(): string | undefined {
    return this.settings.site?.text
  }

  get address(): Address.Address {
    return this.addresses[0]!
  }

  /** The next connection as a handle, nothing, or what the host reports. Never waits. */
  take(): StreamHandle | typeof WouldBlock | PortFailure {
    for (const port of this.ports) {
      const outcome = port.tryAccept()
      if (outcome === WouldBlock) continue
      if (outcome instanceof PortFailure) return outcome
      this.connectionsAccepted++
      return new StreamHandle(this.table, outcome, this.settings)
    }
    return WouldBlock
  }

  /** The streams that came from here and are not closed. */
  accepted(): Array<StreamHandle> {
    return this.table
      .list()
      .filter((handle) => handle instanceof StreamHandle)
      .filter((stream) => stream.origin === this.settings)
  }

  private get isAcceptable(): boolean {
    return this.ports.some((port) => port.acceptable)
  }

  closedError(operation: string): IoError {
    return this.error(operation, Reason.Closed())
  }

  failure(operation: string, failure: PortFailure): IoError {
    return this.error(operation, failure.reason, failure.cause)
  }

  get accept(): Effect.Effect<TcpStream, IoError, Scope.Scope> {
    return scoped(
      (restore) => this.acceptNext(restore, this.waits.length > 0),
      (stream) => stream.close
    )
  }

  // Whoever came before waits already; a newcomer goes behind, so that nobody is overtaken.
  private acceptNext(restore: Restore, isBehind: boolean): Effect.Effect<StreamHandle, IoError> {
    return Effect.suspend(() => {
      if (this.isClosing) return Effect.fail(this.closedError("TcpListener.accept"))
      const outcome = isBehind ? WouldBlock : this.take()
      if (outcome === WouldBlock) {
        const wait = restore(this.suspended("TcpListener.accept"))
        return Effect.andThen(wait, this.acceptNext(restore, false))
      }
      return outcome instanceof PortFailure
        ? Effect.fail(this.failure("TcpListener.accept", outcome))
        : Effect.succeed(outcome)
    })
  }

  get tryAccept(): Effect.Effect<Option.Option<TcpStream>, IoError, Scope.Scope> {
    const operation = "TcpListener.tryAccept"
    return Effect.acquireRelease(
      Effect.suspend(() => {
        if (this.isClosing) return Effect.fail(this.closedError(operation))
        const outcome = this.waits.length > 0 ? WouldBlock : this.take()
        if (outcome === WouldBlock) return Effect.succeed(Option.none<TcpStream>())
        return outcome instanceof PortFailure
          ? Effect.fail(this.failure(operation, outcome))
          : Effect.succeed(Option.some<TcpStream>(outcome))
      }),
      (stream) => (Option.isSome(stream) ? stream.value.close : Effect.void)
    )
  }

  get awaitReadable(): Effect.Effect<void, IoError> {
    const operation = "TcpListener.awaitReadable"
    return Effect.suspend(() => {
      if (this.isClosing) return Effect.fail(this.closedError(operation))
      if (this.isAcceptable) return Effect.void
      return Effect.andThen(this.suspended(operation), this.awaitReadable)
    })
  }

  /** Waits for its turn to look: connections are offered to waiters in the order they came. */
  suspended(operation: string): Effect.Effect<void> {
    return Effect.callback<void>((resume) => {
      // The run loop may have yielded since: looking again keeps a wake-up from being missed.
      const isMoot = this.isClosing || (this.waits.length === 0 && this.isAcceptable)
      if (isMoot) return resume(Effect.void)
      const wait: AcceptWait = {
        operation,
        fiberId: Fiber.getCurrent()?.id ?? 0,
        wake: () => resume(Effect.void)
      }
      this.waits.push(wait)
      return Effect.sync(() => {
        const index = this.waits.indexOf(wait)
        if (index !== -1) this.waits.splice(index, 1)
        // It was woken for a connection that it will not take: the next one may.
        else if (!this.isClosing) this.onAcceptable()
      })
    })
  }

  onAcceptable(): void {
    while (this.waits.length > 0 && this.isAcceptable) this.waits.shift()!.wake()
  }

  get close(): Effect.Effect<void> {
    return Effect.uninterruptible(
      Effect.suspend(() => {
        if (this.beginClose()) {
          for (const wait of this.waits.splice(0)) wait.wake()
          for (const port of this.ports) port.close()
        }
        return this.awaitClosed
      })
    )
  }

  onClosed(): void {
    this.portsOpen--
    if (this.portsOpen === 0) this.table.reportClosed(this)
  }

  get counters(): HandleCounters {
    const { connectionsAccepted } = this
    return { bytesRead: 0, bytesWritten: 0, bytesQueued: 0, connectionsAccepted }
  }

  protected get addressText(): string {
    return Address.format(this.address)
  }

  get label(): string {
    return `${this.kind} #${this.id} ${this.addressText}`
  }

  protected setRefUnsafe(ref: boolean): void {
    for (const port of this.ports) port.setRef(ref)
  }
}
