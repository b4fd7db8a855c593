/**
 * A running `Tcp.serve`: its accept loop, the fibers of its handlers, and its end.
 */
import * as Cause from "effect/Cause"
import type * as Context from "effect/Context"
import * as Deferred from "effect/Deferred"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type { Address } from "../../Address.ts"
import type { IoError } from "../../IoError.ts"
import { PortFailure } from "../../port/PortFailure.ts"
import { WouldBlock } from "../../port/StreamPort.ts"
import type { DrainReport, TcpServer } from "../../TcpServer.ts"
import type { TcpStream } from "../../TcpStream.ts"
import { AcceptBackOff } from "./AcceptBackOff.ts"
import { drainServer } from "./drain.ts"
import type { ListenerHandle } from "./ListenerHandle.ts"
import { logHandlerExit } from "./logHandlerExit.ts"
import type { StreamHandle } from "../stream/StreamHandle.ts"

type Handler<R> = (stream: TcpStream) => Effect.Effect<unknown, unknown, R>

export class Server<R> implements TcpServer {
  readonly listener: ListenerHandle
  /** Connections that are not over. */
  running = 0
  readonly done: Deferred.Deferred<void, IoError> = Deferred.makeUnsafe()
  private readonly handler: Handler<R>
  private readonly context: Context.Context<R>
  private readonly connectionsMax: number
  private readonly backOff = new AcceptBackOff()
  private accepted = 0
  private failed = 0
  private readonly onConnectionEnd = new Set<() => void>()
  private draining: Effect.Effect<DrainReport> | undefined

  constructor(
    listener: ListenerHandle,
    handler: Handler<R>,
    context: Context.Context<R>,
    connectionsMax: number
  ) {
    this.listener = listener
    this.handler = handler
    this.context = context
    this.connectionsMax = connectionsMax
  }

  get address(): Address {
    return this.listener.address
  }

  get addresses(): ReadonlyArray<Address> {
    return this.listener.addresses
  }

  get connections(): Effect.Effect<number> {
    return Effect.sync(() => this.running)
  }

  get counters() {
    return Effect.sync(() => ({
      accepted: this.accepted,
      failed: this.failed,
      backOffs: this.backOff.count
    }))
  }

  get stopped(): Effect.Effect<void, IoError> {
    return Deferred.await(this.done)
  }

  /** Accepts while there is room, until the listener closes or the host reports the unknown. */
  get acceptLoop(): Effect.Effect<void> {
    const listener = this.listener
    return Effect.whileLoop({
      while: () => !listener.isClosing,
      body: () => this.acceptOne(),
      step: () => {}
    })
  }

  private acceptOne(): Effect.Effect<void> {
    if (this.running >= this.connectionsMax) return this.atMost(this.connectionsMax - 1)
    const outcome = this.listener.take()
    if (outcome === WouldBlock) return this.listener.suspended("Tcp.serve")
    if (outcome instanceof PortFailure) return this.acceptFailed(outcome)
    this.backOff.recovered()
    this.start(outcome)
    return Effect.void
  }

  private acceptFailed(failure: PortFailure): Effect.Effect<void> {
    const error = this.listener.failure("Tcp.serve", failure)
    if (failure.reason._tag === "ResourceExhausted") return this.backOff.wait(error)
    return Effect.andThen(Deferred.fail(this.done, error), this.listener.close)
  }

  // A root fiber with the server's context, and one observer: no scope, no parent and no frames on
  // its stack, which ten thousand idle connections would all pay for.
  private start(stream: StreamHandle): void {
    this.accepted++
    this.running++
    const fiber = Effect.runForkWith(this.context)(this.handled(stream))
    stream.handler = fiber
    fiber.addObserver((exit) => this.handlerEnded(stream, exit))
  }

  private handled(stream: StreamHandle): Effect.Effect<unknown, unknown, R> {
    try {
      return this.handler(stream)
    } catch (defect) {
      return Effect.die(defect)
    }
  }

  private handlerEnded(stream: StreamHandle, exit: Exit.Exit<unknown, unknown>): void {
    const isSound = exit._tag === "Success" || Cause.hasInterruptsOnly(exit.cause)
    if (!isSound) this.failed++
    const closed = Effect.runForkWith(this.context)(
      isSound ? stream.close : Effect.andThen(logHandlerExit(exit.cause, stream), stream.close)
    )
    closed.addObserver(() => {
      this.running--
      const looks = Array.from(this.onConnectionEnd)
      this.onConnectionEnd.clear()
      for (const look of looks) look()
    })
  }

  /**
   * The connections whose handler has not ended. Found in the table, so that none is listed twice.
   */
  handling(): Array<StreamHandle> {
    return this.listener.accepted().filter(({ handler }) => handler?.pollUnsafe() === undefined)
  }

  /** Waits until at most `count` connections are not over. */
  atMost(count: number): Effect.Effect<void> {
    return Effect.callback<void>((resume) => {
      const look = (): void => {
        if (this.running <= count) resume(Effect.void)
        else this.onConnectionEnd.add(look)
      }
      look()
      return Effect.sync(() => this.onConnectionEnd.delete(look))
    })
  }

  drain(options: {
    readonly deadline: Duration.Input
    readonly interruptGrace?: Duration.Input | undefined
  }): Effect.Effect<DrainReport> {
    return Effect.suspend(() => (this.draining ??= drainServer(this, options)))
  }
}
