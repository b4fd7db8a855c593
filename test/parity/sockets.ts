/** Listeners, connects, and datagrams. */
import { Address, Tcp, Udp, type UdpSocket } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import { type Program, type Say, tell } from "./Program.ts"

const program = (name: string, run: Program["run"]): Program => ({ name, run })
const host = "127.0.0.1"
const portOf = (address: Address.Address) => ("port" in address ? address.port : 0)

/** A port that was just given back. */
const closedPort = Effect.scoped(
  Effect.map(Tcp.listen({ host, port: 0 }), ({ address }) => portOf(address))
)

const hosts = ["127.0.0.1", "::1", "localhost", "0.0.0.0", "256.0.0.1", "", "no such name", "::"]

const connects = hosts.map((to) =>
  program(`connect to a closed port of "${to}"`, (say) =>
    Effect.flatMap(closedPort, (port) => tell(say, "connect", Tcp.connect({ host: to, port })))
  )
)

const listens = hosts.map((on) =>
  program(`listen on "${on}"`, (say) =>
    tell(say, "listen", Tcp.listen({ host: on, port: 0 }), ({ address }) =>
      portOf(address) > 0 ? address._tag : "no port"
    )
  )
)

const ports = [-1, 65_536, 1.5, Number.NaN].map((port) =>
  program(`port ${port}`, (say) =>
    Effect.gen(function* () {
      yield* tell(say, "listen", Tcp.listen({ host, port }))
      yield* tell(say, "connect", Tcp.connect({ host, port }))
      yield* tell(say, "bind", Udp.bind({ host, port }))
    })
  )
)

const listeners: ReadonlyArray<Program> = [
  program("two listeners on one port", (say) =>
    Effect.gen(function* () {
      const { address } = yield* Tcp.listen({ host, port: 0 })
      yield* tell(say, "second", Tcp.listen({ host, port: portOf(address) }))
    })
  ),
  program("a port may be listened on again once its listener is closed", (say) =>
    Effect.gen(function* () {
      const port = yield* closedPort
      yield* tell(say, "again", Tcp.listen({ host, port }))
    })
  ),
  program("a listener that is closed", (say) =>
    Effect.gen(function* () {
      const listener = yield* Tcp.listen({ host, port: 0 })
      const waiting = yield* Effect.forkChild(tell(say, "waiting", listener.accept), {
        startImmediately: true
      })
      yield* tell(say, "close", listener.close)
      yield* Fiber.join(waiting)
      yield* tell(say, "accept", listener.accept)
      yield* tell(say, "connect", Tcp.connect(Address.toInput(listener.address)))
    })
  ),
  program("nobody has come yet", (say) =>
    Effect.gen(function* () {
      const listener = yield* Tcp.listen({ host, port: 0 })
      yield* tell(
        say,
        "try",
        listener.tryAccept,
        Option.match({ onNone: () => "none", onSome: () => "one" })
      )
    })
  ),
  program("a connection that waits when its listener closes", (say) =>
    Effect.gen(function* () {
      const listener = yield* Tcp.listen({ host, port: 0 })
      const stream = yield* Tcp.connect(Address.toInput(listener.address))
      yield* listener.awaitReadable
      yield* listener.close
      yield* tell(say, "read", stream.read, ({ length }) => (length === 0 ? "end" : "bytes"))
    })
  ),
  program("an interrupted accept takes nobody", (say) =>
    Effect.gen(function* () {
      const listener = yield* Tcp.listen({ host, port: 0 })
      const waiting = yield* Effect.forkChild(listener.accept, { startImmediately: true })
      yield* Fiber.interrupt(waiting)
      const stream = yield* Tcp.connect(Address.toInput(listener.address))
      const accepted = yield* listener.accept
      yield* accepted.write(Uint8Array.of(1))
      yield* tell(say, "read", stream.readExactly(1))
    })
  )
]

const bind = Udp.bind({ host, port: 0 })
const receive = (say: Say, socket: UdpSocket.UdpSocket) =>
  tell(say, "receive", socket.receive, ({ bytes }) => String(bytes.length))

const sizes = [0, 1, 512, 1472, 9000, 65_507, 65_508].map((size) =>
  program(`a datagram of ${size} bytes`, (say) =>
    Effect.gen(function* () {
      const [from, to] = [yield* bind, yield* bind]
      const send = from.send(new Uint8Array(size), Address.toInput(to.address) as Address.InetInput)
      yield* tell(say, "send", send)
      if (size <= 65_507) yield* receive(say, to)
    })
  )
)

const inputOf = ({ address }: UdpSocket.UdpSocket) => Address.toInput(address) as Address.InetInput

const datagrams: ReadonlyArray<Program> = [
  program("datagrams keep their bounds and their order", (say) =>
    Effect.gen(function* () {
      const [from, to] = [yield* bind, yield* bind]
      for (const size of [3, 1, 2]) yield* from.send(new Uint8Array(size), inputOf(to))
      for (let left = 3; left > 0; left--) yield* receive(say, to)
    })
  ),
  program("a send without a peer", (say) =>
    Effect.flatMap(bind, (socket) => tell(say, "send", socket.send(new Uint8Array(1))))
  ),
  program("a connected socket hears its peer alone", (say) =>
    Effect.gen(function* () {
      const [a, b, c] = [yield* bind, yield* bind, yield* bind]
      yield* a.connect(inputOf(b))
      yield* c.send(new Uint8Array(7), inputOf(a))
      yield* b.send(new Uint8Array(2), inputOf(a))
      yield* receive(say, a)
      yield* tell(say, "send", a.send(new Uint8Array(4)))
      yield* receive(say, b)
    })
  ),
  // Of its own: what was sent before may still be on its way.
  program("a disconnected socket hears anybody", (say) =>
    Effect.gen(function* () {
      const [a, b, c] = [yield* bind, yield* bind, yield* bind]
      yield* a.connect(inputOf(b))
      yield* a.disconnect
      yield* c.send(new Uint8Array(8), inputOf(a))
      yield* receive(say, a)
    })
  ),
  program("a connected socket that sends elsewhere", (say) =>
    Effect.gen(function* () {
      const [a, b, c] = [yield* bind, yield* bind, yield* bind]
      yield* a.connect(inputOf(b))
      yield* tell(say, "elsewhere", a.send(new Uint8Array(1), inputOf(c)))
    })
  ),
  program("a peer that is gone refuses who is connected to it", (say) =>
    Effect.gen(function* () {
      const a = yield* bind
      const gone = yield* Effect.scoped(Effect.map(bind, inputOf))
      yield* a.connect(gone)
      yield* tell(say, "send", a.send(new Uint8Array(1)))
      yield* receive(say, a)
    })
  ),
  program("a socket that is closed", (say) =>
    Effect.gen(function* () {
      const [a, b] = [yield* bind, yield* bind]
      const waiting = yield* Effect.forkChild(receive(say, a), { startImmediately: true })
      yield* a.close
      yield* Fiber.join(waiting)
      yield* receive(say, a)
      yield* tell(say, "send", a.send(new Uint8Array(1), inputOf(b)))
      yield* tell(say, "close", a.close)
    })
  ),
  program("two receivers take turns", (say) =>
    Effect.gen(function* () {
      const [a, b] = [yield* bind, yield* bind]
      const first = yield* Effect.forkChild(a.receive, { startImmediately: true })
      const second = yield* Effect.forkChild(a.receive, { startImmediately: true })
      for (const size of [1, 2]) yield* b.send(new Uint8Array(size), inputOf(a))
      for (const fiber of [first, second]) {
        yield* tell(say, "receive", Fiber.join(fiber), ({ bytes }) => String(bytes.length))
      }
    })
  ),
  program("two sockets on one port", (say) =>
    Effect.flatMap(bind, ({ address }) =>
      tell(say, "second", Udp.bind({ host, port: address.port }))
    )
  ),
  program("an answer goes to who asked", (say) =>
    Effect.gen(function* () {
      const [a, b] = [yield* bind, yield* bind]
      yield* a.send(new Uint8Array(3), inputOf(b))
      const { replyTo } = yield* b.receive
      yield* b.send(new Uint8Array(5), replyTo)
      yield* receive(say, a)
    })
  ),
  program("nothing has come yet", (say) =>
    Effect.flatMap(bind, (socket) =>
      tell(say, "try", socket.tryReceive, (got) => (Option.isNone(got) ? "none" : "one"))
    )
  ),
  program("a broadcast without leave", (say) =>
    Effect.flatMap(bind, (socket) =>
      tell(say, "send", socket.send(new Uint8Array(1), { host: "255.255.255.255", port: 9 }))
    )
  )
]

const unordered: ReadonlyArray<Program> = [
  {
    name: "datagrams of two senders",
    allowed: ["receive: 1; receive: 2", "receive: 2; receive: 1"],
    run: (say) =>
      Effect.gen(function* () {
        const to = yield* bind
        const send = (size: number) =>
          Effect.flatMap(bind, (from) =>
            Effect.andThen(Effect.yieldNow, from.send(new Uint8Array(size), inputOf(to)))
          )
        yield* Effect.all([send(1), send(2)], { concurrency: 2 })
        yield* receive(say, to)
        yield* receive(say, to)
      })
  },
  {
    name: "connections of two clients",
    allowed: ["first: 1; first: 2", "first: 2; first: 1"],
    run: (say) =>
      Effect.gen(function* () {
        const listener = yield* Tcp.listen({ host, port: 0 })
        const ask = (number: number) =>
          Effect.flatMap(Tcp.connect(Address.toInput(listener.address)), (stream) =>
            stream.write(Uint8Array.of(number))
          )
        yield* Effect.all([ask(1), ask(2)], { concurrency: 2 })
        for (let left = 2; left > 0; left--) {
          const stream = yield* listener.accept
          yield* tell(say, "first", stream.readExactly(1), (bytes) => String(bytes[0]))
        }
      })
  }
]

export const sockets: ReadonlyArray<Program> = [
  ...connects,
  ...listens,
  ...ports,
  ...listeners,
  ...sizes,
  ...datagrams,
  ...unordered
]
