/** Small programs over Effect's sockets; each says what it saw, the same on every world. */
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import type { SocketAddress } from "effect/net/NetAddress"
import * as Queue from "effect/Queue"
import * as Scope from "effect/Scope"
import * as Socket from "effect/socket/Socket"
import type { SocketServer, SocketServerError } from "effect/socket/SocketServer"

type Server = typeof SocketServer.Service

/** Where a program runs. Without an address, the server is at a port of 127.0.0.1. */
export interface SocketWorld {
  readonly listen: (at?: {
    readonly path?: string | undefined
    readonly port?: number | undefined
    readonly allowHalfOpen?: boolean | undefined
  }) => Effect.Effect<Server, SocketServerError, Scope.Scope>
  readonly connect: (
    to: SocketAddress,
    options?: { readonly allowHalfOpen?: boolean }
  ) => Effect.Effect<Socket.Socket>
  /** A path that nothing is at. */
  readonly path: string
}

export type SocketProgram = (world: SocketWorld) => Effect.Effect<unknown, unknown, Scope.Scope>

/** What came of it: what it gave, or the reason it failed for, with its facts. */
const told = <A, E, R>(act: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.exit(act), (exit) => {
    if (Exit.isSuccess(exit)) return exit.value === undefined ? "done" : exit.value
    const failure = exit.cause.reasons.find((reason) => reason._tag === "Fail")
    const error = failure?.error as { readonly reason?: Facts } | undefined
    return error?.reason === undefined ? String(exit.cause) : factsOf(error.reason)
  })

interface Facts {
  readonly _tag: string
  readonly kind?: string
  readonly code?: number
  readonly cause?: unknown
}

const factsOf = ({ _tag, cause, code, kind }: Facts): string => {
  const host = (cause as { readonly code?: string } | undefined)?.code
  return [_tag, kind, code, host].filter((fact) => fact !== undefined).join(" ")
}

const text = (chunks: ReadonlyArray<Uint8Array | string>): string =>
  chunks.map((chunk) => (typeof chunk === "string" ? chunk : decoder.decode(chunk))).join("")
const decoder = new TextDecoder()

/** Whether it waits for ever, as far as anybody can tell. */
const stuck = <A, E, R>(act: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.timeoutOption(Effect.exit(act), "200 millis"), ({ _tag }) => _tag === "None")

/** All there is, and how it ends. */
const drain = ({ pull }: Socket.Reader) =>
  Effect.gen(function* () {
    let all = ""
    const end = yield* told(
      Effect.forever(Effect.map(pull, (chunks) => void (all += text(chunks))))
    )
    return [all, end]
  })

/** Sends back what comes. */
const echo = (socket: Socket.Socket) =>
  Effect.gen(function* () {
    const { pull } = yield* socket.reader
    const { writeAll } = yield* socket.writer
    return yield* Effect.forever(Effect.flatMap(pull, writeAll))
  }).pipe(
    Effect.scoped,
    Effect.catchTag("SocketError", () => Effect.void)
  )

/** Serves in the background, and gives a client of it. */
const between = <E>(
  world: SocketWorld,
  handler: (socket: Socket.Socket) => Effect.Effect<unknown, E>,
  at?: Parameters<SocketWorld["listen"]>[0]
) =>
  Effect.gen(function* () {
    const server = yield* world.listen(at)
    const running = yield* Effect.forkScoped(server.run(handler))
    return { address: server.address, running, socket: yield* world.connect(server.address) }
  })

const ask = (socket: Socket.Socket, question: string) =>
  Effect.gen(function* () {
    const { pull } = yield* socket.reader
    const { write } = yield* socket.writer
    yield* write(question)
    let answer = ""
    while (answer.length < question.length) answer += text(yield* pull)
    return answer
  }).pipe(Effect.scoped)

/** Whoever connects is given `text`, and the end. */
const greet = (socket: Socket.Socket) =>
  Effect.gen(function* () {
    yield* socket.reader
    const { writeAll } = yield* socket.writer
    yield* writeAll(["hello, ", new Uint8Array([119, 111]), "rld"])
  }).pipe(Effect.scoped)

const never = (socket: Socket.Socket) => Effect.scoped(Effect.andThen(socket.reader, Effect.never))

export const effectSocketPrograms: Readonly<Record<string, SocketProgram>> = {
  "echoes text": (world) =>
    Effect.flatMap(between(world, echo), ({ socket }) => ask(socket, "grüße, 世界")),

  "echoes a mebibyte": (world) =>
    Effect.gen(function* () {
      const { socket } = yield* between(world, echo)
      const { pull } = yield* socket.reader
      const { write } = yield* socket.writer
      yield* Effect.forkScoped(write(new Uint8Array(1 << 20).fill(7)))
      let [count, sum] = [0, 0]
      while (count < 1 << 20) {
        for (const chunk of (yield* pull) as ReadonlyArray<Uint8Array>) {
          count += chunk.length
          for (const byte of chunk) sum += byte
        }
      }
      return [count, sum]
    }),

  "reads all there is before the end": (world) =>
    Effect.gen(function* () {
      const { socket } = yield* between(world, greet)
      const reader = yield* socket.reader
      return [yield* drain(reader), yield* told(reader.pull)]
    }),

  "gives strings to who asks for them": (world) =>
    Effect.gen(function* () {
      const { socket } = yield* between(world, greet)
      const pull = yield* Socket.readerString(socket)
      let all = ""
      const end = yield* told(
        Effect.forever(Effect.map(pull, (parts) => void (all += parts.join(""))))
      )
      return [all, end]
    }),

  "is refused": (world) =>
    Effect.gen(function* () {
      const address = yield* Effect.scoped(Effect.map(world.listen(), (server) => server.address))
      const socket = yield* world.connect(address)
      return yield* told(socket.reader)
    }),

  "finds no path": (world) =>
    Effect.gen(function* () {
      const server = { path: world.path, _tag: "UnixPathAddress" } as SocketAddress
      return yield* told((yield* world.connect(server)).reader)
    }),

  "serves at a path": (world) =>
    Effect.gen(function* () {
      const { address, socket } = yield* between(world, echo, { path: world.path })
      return [address._tag, yield* ask(socket, "by a path")]
    }),

  "does not listen twice": (world) =>
    Effect.gen(function* () {
      const { address } = yield* world.listen()
      const port = address._tag === "UnixPathAddress" ? 0 : address.port
      return yield* told(world.listen({ port }))
    }),

  "connects anew with each reader": (world) =>
    Effect.gen(function* () {
      const { socket } = yield* between(world, echo)
      return [yield* ask(socket, "one"), yield* ask(socket, "two")]
    }),

  "writes when it is connected": (world) =>
    Effect.gen(function* () {
      const { socket } = yield* between(world, echo)
      const { write } = yield* socket.writer
      const writing = yield* Effect.forkScoped(write("early"), { startImmediately: true })
      const { pull } = yield* socket.reader
      return [text(yield* pull), yield* told(Fiber.join(writing))]
    }),

  "ends a pull with its reader": (world) =>
    Effect.gen(function* () {
      const { socket } = yield* between(world, never)
      const scope = yield* Scope.make()
      const { pull } = yield* Scope.provide(socket.reader, scope)
      const pulling = yield* Effect.forkScoped(told(pull), { startImmediately: true })
      yield* Scope.close(scope, Exit.void)
      return yield* Fiber.join(pulling)
    }),

  "loses nothing to an interrupted pull": (world) =>
    Effect.gen(function* () {
      const go = yield* Deferred.make<void>()
      const { socket } = yield* between(world, (peer) =>
        Effect.andThen(Deferred.await(go), greet(peer))
      )
      const reader = yield* socket.reader
      const pulling = yield* Effect.forkScoped(reader.pull, { startImmediately: true })
      yield* Fiber.interrupt(pulling)
      yield* Deferred.succeed(go, undefined)
      return yield* drain(reader)
    }),

  "half-closes with the writer": (world) =>
    Effect.gen(function* () {
      const seen = yield* Queue.unbounded<unknown>()
      const { socket } = yield* between(world, (peer) =>
        Effect.scoped(Effect.flatMap(peer.reader, drain)).pipe(
          Effect.flatMap((all) => Queue.offer(seen, all))
        )
      )
      const reader = yield* socket.reader
      yield* Effect.scoped(Effect.flatMap(socket.writer, ({ write }) => write("bye")))
      return [yield* Queue.take(seen), yield* told(reader.pull)]
    }),

  "waits for ever to write when the peer has ended": (world) =>
    Effect.gen(function* () {
      const seen = yield* Queue.unbounded<unknown>()
      const handler = (peer: Socket.Socket) =>
        Effect.gen(function* () {
          const reader = yield* peer.reader
          const { write } = yield* peer.writer
          const [all, end] = yield* drain(reader)
          // On Node our side is ended a tick after the peer's, and a timer comes after that.
          yield* Effect.sleep("1 millis")
          yield* Queue.offer(seen, [all, end, yield* stuck(write("late"))])
        }).pipe(Effect.scoped)
      const { socket } = yield* between(world, handler)
      const reader = yield* socket.reader
      yield* Effect.scoped(Effect.flatMap(socket.writer, ({ write }) => write("bye")))
      return [yield* Queue.take(seen), yield* told(reader.pull)]
    }),

  "answers after the peer's end, if it may": (world) =>
    Effect.gen(function* () {
      const handler = (peer: Socket.Socket) =>
        Effect.gen(function* () {
          const reader = yield* peer.reader
          const { write } = yield* peer.writer
          const [all] = yield* drain(reader)
          yield* write(`you said ${String(all)}`)
        }).pipe(Effect.scoped)
      const server = yield* world.listen({ allowHalfOpen: true })
      yield* Effect.forkScoped(server.run(handler))
      const socket = yield* world.connect(server.address, { allowHalfOpen: true })
      const reader = yield* socket.reader
      yield* Effect.scoped(Effect.flatMap(socket.writer, ({ write }) => write("bye")))
      return yield* drain(reader)
    }),

  "closes by an event": (world) =>
    Effect.gen(function* () {
      const seen = yield* Queue.unbounded<unknown>()
      const handler = (peer: Socket.Socket) =>
        Effect.scoped(Effect.flatMap(peer.reader, drain)).pipe(
          Effect.flatMap((all) => Queue.offer(seen, all))
        )
      const { socket } = yield* between(world, handler)
      const closed = (code: number) =>
        Effect.gen(function* () {
          const { pull } = yield* socket.reader
          const { write } = yield* socket.writer
          yield* write("last")
          const pulling = yield* Effect.forkScoped(told(pull), { startImmediately: true })
          yield* write(new Socket.CloseEvent(code))
          return [yield* Fiber.join(pulling), yield* Queue.take(seen)]
        }).pipe(Effect.scoped)
      return [yield* closed(1000), yield* closed(1001)]
    }),

  "is reset by who closes with bytes unread": (world) =>
    Effect.gen(function* () {
      const unread = (peer: Socket.Socket) =>
        Effect.scoped(Effect.flatMap(peer.reader, ({ pull }) => pull)).pipe(Effect.exit)
      const seen = yield* Deferred.make<unknown>()
      const { socket } = yield* between(world, unread)
      const { pull } = yield* socket.reader
      const { write } = yield* socket.writer
      // More than any buffer: the peer cannot have read all of it.
      yield* Effect.forkScoped(Effect.exit(write(new Uint8Array(1 << 24))))
      yield* Deferred.succeed(seen, yield* told(pull))
      const reason = String(yield* Deferred.await(seen))
      return reason.startsWith("SocketReadError")
    }),

  "goes on after a handler that fails": (world) =>
    Effect.gen(function* () {
      let count = 0
      const handler = (peer: Socket.Socket) =>
        Effect.gen(function* () {
          yield* peer.reader
          if (++count === 1) return yield* Effect.fail("no")
          return yield* Effect.flatMap(peer.writer, ({ write }) => write("yes"))
        }).pipe(Effect.scoped)
      const { address, socket } = yield* between(world, handler)
      const first = yield* Effect.scoped(Effect.flatMap(socket.reader, drain))
      const again = yield* world.connect(address)
      return [first, yield* Effect.scoped(Effect.flatMap(again.reader, drain))]
    }),

  "has one connection for a handler": (world) =>
    Effect.gen(function* () {
      const seen = yield* Deferred.make<unknown>()
      const { socket } = yield* between(world, (peer) =>
        Effect.andThen(
          Effect.scoped(Effect.flatMap(peer.reader, drain)),
          Effect.flatMap(
            told(Effect.scoped(Effect.flatMap(peer.reader, ({ pull }) => pull))),
            (again) => Deferred.succeed(seen, again)
          )
        )
      )
      yield* Effect.scoped(socket.reader)
      return yield* Deferred.await(seen)
    }),

  "interrupts handlers with the server": (world) =>
    Effect.gen(function* () {
      const { running, socket } = yield* between(world, (peer) =>
        Effect.gen(function* () {
          yield* peer.reader
          yield* Effect.flatMap(peer.writer, ({ write }) => write("in"))
          return yield* Effect.never
        }).pipe(Effect.scoped)
      )
      const reader = yield* socket.reader
      const first = text(yield* reader.pull)
      yield* Fiber.interrupt(running)
      return [first, yield* drain(reader)]
    }),

  "keeps connections until the server runs": (world) =>
    Effect.gen(function* () {
      const server = yield* world.listen()
      const socket = yield* world.connect(server.address)
      const reader = yield* socket.reader
      yield* Effect.forkScoped(server.run(greet))
      return yield* drain(reader)
    })
}
