import { NodeBackend } from "@portico/node"
import {
  Address,
  Deadline,
  Shutdown,
  ShutdownReport,
  SoftCancel,
  Start,
  Tcp,
  type TcpServer,
  type TcpStream
} from "@portico/core"
import { Console, Effect, Option } from "effect"

const answer = (stream: TcpStream.TcpStream, request: Uint8Array) =>
  Effect.andThen(Effect.sleep("50 millis"), stream.write(request)).pipe(
    Deadline.within("2 seconds") // no request takes longer
  )

const handler = Effect.fnUntraced(function* (stream: TcpStream.TcpStream) {
  for (;;) {
    // Idle: asked to stop, it stops here. In `answer` it does not.
    const request = yield* SoftCancel.untilRequested(stream.read)
    if (Option.isNone(request) || request.value.length === 0) return
    yield* answer(stream, request.value)
  }
})

const serve = (ready: Start.Ready<TcpServer.TcpServer>) =>
  Effect.gen(function* () {
    const server = yield* Tcp.serve(handler, { port: 0, connectionsMax: 1_000 })
    yield* ready(server)
    yield* server.stopped
  })

const program = Effect.gen(function* () {
  const shutdown = yield* Shutdown.make({ total: "8 seconds" })
  yield* shutdown.register({ name: "store", stop: Effect.sleep("1 millis"), timeout: "1 second" })
  const { value: server } = yield* Start.scoped(serve)
  yield* shutdown.register({ name: "server", stop: server.drain({ deadline: "5 seconds" }) })
  yield* Console.log(`ready ${Address.format(server.address)}`)
  yield* SoftCancel.awaitRequest
  yield* Console.log(ShutdownReport.format(yield* shutdown.run))
}).pipe(Effect.scoped)

NodeBackend.runMain(SoftCancel.run(() => program, { grace: "10 seconds" }))
