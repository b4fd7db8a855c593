import { NodeBackend } from "@portico/node"
import { Address, Deadline, Udp, type UdpSocket } from "@portico/core"
import { Console, Effect, Schedule } from "effect"

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

/** Answers each datagram; every other one is lost, as on a bad day. */
const serve = Effect.fnUntraced(function* (socket: UdpSocket.UdpSocket) {
  for (let number = 1; ; number++) {
    const { bytes, replyTo } = yield* socket.receive
    if (number % 2 === 1) continue
    yield* socket.send(new TextEncoder().encode(`hello, ${text(bytes)}`), replyTo)
  }
})

/** A connected socket hears its peer alone, and is told when nobody is there. */
const ask = (server: Address.InetAddress, name: string) =>
  Effect.gen(function* () {
    const socket = yield* Udp.bind({ port: 0 })
    yield* socket.connect(Address.toInput(server))
    const attempt = Effect.andThen(socket.send(new TextEncoder().encode(name)), socket.receive)
    const { bytes } = yield* attempt.pipe(
      Deadline.within("100 millis"),
      Effect.retry({ schedule: Schedule.exponential("10 millis"), times: 4 })
    )
    return text(bytes)
  }).pipe(Effect.scoped)

const program = Effect.gen(function* () {
  const socket = yield* Udp.bind({ port: 0, receiveQueueBytes: 64 * 1024, overflow: "dropOldest" })
  yield* Effect.forkScoped(serve(socket))
  yield* Console.log(yield* ask(socket.address, "Ada"))
  const { datagramsReceived, datagramsDropped } = socket.datagrams
  yield* Console.log(`received ${datagramsReceived}, dropped ${datagramsDropped}`)
}).pipe(Effect.scoped)

NodeBackend.runMain(program)
