/**
 * Follows files and streams their lines to standard output and to whoever connects.
 *
 * Standard output follows the files by itself: when it is slow, the files wait, and nobody else.
 */
import * as Console from "effect/Console"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Scope from "effect/Scope"
import * as Stdio from "effect/Stdio"
import * as Stream from "effect/Stream"
import {
  Address,
  type EventLoop,
  type Files,
  type IoError,
  Tcp,
  type TcpServer,
  type TcpStream,
  type Watch
} from "@portico/core"
import { drain } from "@portico/app-kit/Drain"
import { Hub } from "./Hub.ts"
import * as Lines from "./Lines.ts"
import { type End, Subscriber } from "./Subscriber.ts"

export interface Options extends Omit<Lines.FollowOptions, "isNamed"> {
  readonly files: ReadonlyArray<string>
  readonly listen: Address.Input
  /** Whether lines go to standard output as well. */
  readonly isPrinting: boolean
  readonly subscribersMax: number
  /** Lines that one of them may have to catch up on. */
  readonly subscriberBytesMax: number
  readonly drainDeadline: Duration.Duration
}

type Services = Files.Files | Tcp.Tcp | Watch.Watch

export interface Tail {
  readonly server: TcpServer.TcpServer
  readonly hub: Hub
  /** Fails with what kept it from following a file; never succeeds. */
  readonly following: Effect.Effect<void, IoError.IoError>
  /** Follows no file any more; subscribers are sent what they were offered, and end. */
  readonly stop: Effect.Effect<void>
}

/** What a subscriber sends is dropped; its end is no reason to send it no more. */
const drop = (stream: TcpStream.TcpStream): Effect.Effect<void, IoError.IoError> =>
  Effect.flatMap(stream.readBorrowed, ({ length }) => (length === 0 ? Effect.void : drop(stream)))

const serveOne = (hub: Hub, bytesMax: number) =>
  Effect.fnUntraced(function* (stream: TcpStream.TcpStream) {
    const name = yield* Effect.map(stream.peerAddress, Address.format)
    const subscriber = new Subscriber(name, bytesMax)
    hub.add(subscriber)
    yield* Effect.logDebug(`subscribed ${name}`)
    let end: End = "lost"
    const removed = Effect.suspend(() => {
      hub.remove(subscriber, end)
      return Effect.logDebug(`unsubscribed ${name} ${end} bytes=${subscriber.bytesSent}`)
    })
    const served = Effect.gen(function* () {
      yield* Effect.forkChild(Effect.ignore(drop(stream)))
      end = yield* subscriber.send(stream)
      if (end !== "slow") return
      yield* Effect.logWarning(`${name} is cut off: it has ${bytesMax} bytes to catch up on`)
      yield* stream.reset
    })
    yield* Effect.ensuring(Effect.ignore(served), removed)
  })

const followAll = (options: Options) => {
  const isNamed = options.files.length > 1
  return Effect.forEach(options.files, (path) => Lines.follow(path, { ...options, isNamed }))
}

/** Serves until the scope ends. Succeeds when the files are followed and clients can connect. */
export const serve = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<Tail, IoError.IoError, Services | Scope.Scope> {
  const hub = new Hub()
  const scope = yield* Scope.fork(yield* Effect.scope)
  const files = yield* Scope.provide(followAll(options), scope)
  const server = yield* Tcp.serve(serveOne(hub, options.subscriberBytesMax), {
    ...options.listen,
    connectionsMax: options.subscribersMax,
    drainDeadline: options.drainDeadline
  })
  const publish = (lines: Stream.Stream<Lines.Batch, IoError.IoError>) =>
    Stream.runForEach(lines, ({ bytes, count }) => Effect.sync(() => hub.publish(bytes, count)))
  const following = Effect.forEach(files, publish, { concurrency: "unbounded", discard: true })
  const stop = Effect.andThen(
    Scope.close(scope, Exit.void),
    Effect.sync(() => hub.close())
  )
  return { server, hub, following, stop }
})

/** Lines to standard output, as fast as it takes them. Ends when nobody takes them any more. */
export const print = Effect.fnUntraced(function* (
  options: Options
): Effect.fn.Return<
  Effect.Effect<void, IoError.IoError>,
  IoError.IoError,
  Files.Files | Scope.Scope | Stdio.Stdio | Watch.Watch
> {
  const stdio = yield* Stdio.Stdio
  const files = yield* followAll(options)
  const lines = Stream.mergeAll(files, { concurrency: "unbounded" }).pipe(
    Stream.map(({ bytes }) => bytes)
  )
  return Stream.run(lines, stdio.stdout()).pipe(
    Effect.catchTag("PlatformError", () =>
      Effect.logWarning("standard output takes no more; subscribers are served on")
    )
  )
})

/**
 * The app: prints `ready tcp://<address>` and then lines on standard output, and serves until it is
 * interrupted, then drains. Each of `statisticsRequests` is answered with a line of the log. Fails
 * with what kept the server from listening or stopped it, or with why a file cannot be followed.
 */
export const run = (
  options: Options,
  statisticsRequests: Stream.Stream<unknown>
): Effect.Effect<void, IoError.IoError, Services | EventLoop.EventLoop | Stdio.Stdio> =>
  Effect.gen(function* () {
    const { following, hub, server, stop } = yield* serve(options)
    const tell = Effect.suspend(() => Effect.log(`statistics ${hub.text}`))
    yield* Effect.addFinalizer(() =>
      Effect.andThen(stop, drain(server, options.drainDeadline, tell))
    )
    // Behind it: what follows for standard output ends before.
    const printing = options.isPrinting ? yield* print(options) : Effect.void
    yield* Effect.forkScoped(Stream.runForEach(statisticsRequests, () => tell))
    yield* Console.log(`ready ${Address.format(server.address)}`)
    const printed = Effect.andThen(printing, Effect.never)
    yield* Effect.raceAllFirst([following, printed, server.stopped])
  }).pipe(Effect.scoped)
