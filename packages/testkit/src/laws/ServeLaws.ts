/** Laws of `Tcp.serve` while it runs: ACC, about handlers. */
import { Tcp, type TcpStream } from "@portico/core"
import * as Deferred from "effect/Deferred"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { inputOf } from "../Connections.ts"
import { equals, equalsAll, failsWith } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { LawEnvironment } from "../LawEnvironment.ts"
import { recordingLogs } from "../Logs.ts"
import { ends, reads } from "../Streams.ts"
import { eventually, settle } from "../Turns.ts"

const port = { port: 0, connectionsMax: 10 }

const echo = (stream: TcpStream.TcpStream) =>
  Effect.gen(function* () {
    while (true) {
      const bytes = yield* stream.read
      if (bytes.length === 0) return
      yield* stream.write(bytes)
    }
  })

const echoes = (stream: TcpStream.TcpStream) =>
  Effect.gen(function* () {
    const sent = new Uint8Array([1, 2, 3])
    yield* stream.write(sent)
    yield* reads(stream, sent)
  })

export const ServeLaws = lawGroup("Serving", [
  law(
    "ACC-09",
    "at a limit of 2 connections, the third handler starts only when one ends",
    function* () {
      const gates = yield* Effect.forEach([0, 1, 2], () => Deferred.make<void>())
      let started = 0
      const handler = () => Effect.suspend(() => Deferred.await(gates[started++]!))
      const server = yield* Tcp.serve(handler, { port: 0, connectionsMax: 2 })
      yield* Effect.forEach(gates, () => Tcp.connect(inputOf(server.address)))
      yield* eventually(
        "two handlers run",
        Effect.sync(() => started >= 2)
      )
      yield* settle
      yield* equals(started, 2, "handlers started")
      yield* equals(yield* server.connections, 2, "connections")
      yield* Deferred.succeed(gates[0]!, undefined)
      yield* eventually(
        "the third runs",
        Effect.sync(() => started === 3)
      )
      yield* Deferred.succeed(gates[1]!, undefined)
      yield* Deferred.succeed(gates[2]!, undefined)
    }
  ),

  law(
    "ACC-30",
    "a process that ran out of descriptors serves again when it has some",
    function* () {
      const { exhaustDescriptors } = yield* LawEnvironment
      const server = yield* Tcp.serve(echo, port)
      const first = yield* Tcp.connect(inputOf(server.address))
      yield* echoes(first)
      yield* Effect.scoped(
        Effect.gen(function* () {
          yield* Option.getOrElse(exhaustDescriptors, () => Effect.void)
          yield* failsWith("ResourceExhausted", Tcp.connect(inputOf(server.address)))
          // Connections that are open already do not suffer.
          yield* echoes(first)
        })
      )
      yield* echoes(yield* Tcp.connect(inputOf(server.address)))
    },
    { hook: "exhaustDescriptors", longerThan: "a process may have to open 20,000 descriptors" }
  ),

  law("ACC-13", "a handler's defect is logged and costs its own connection only", function* () {
    let calls = 0
    const levels: Array<string> = []
    const server = yield* recordingLogs(levels)(
      Tcp.serve(
        (stream) => (calls++ === 0 ? Effect.die("a defect in the first handler") : echo(stream)),
        port
      )
    )
    yield* ends(yield* Tcp.connect(inputOf(server.address)))
    yield* echoes(yield* Tcp.connect(inputOf(server.address)))
    const counters = yield* server.counters
    yield* equals(counters.failed, 1, "failed")
    yield* equals(counters.accepted, 2, "accepted")
    yield* equalsAll(levels, ["Error"], "levels logged")
  }),

  law("ACC-14", "an accepted stream is closed as soon as its handler ends", function* () {
    const server = yield* Tcp.serve((stream) => stream.write(new Uint8Array([9])), port)
    const client = yield* Tcp.connect(inputOf(server.address))
    yield* reads(client, new Uint8Array([9]))
    yield* ends(client)
    yield* eventually(
      "no handler runs",
      Effect.map(server.connections, (n) => n === 0)
    )
  }),

  law("ACC-28", "a handler's failure closes its connection and the server goes on", function* () {
    const server = yield* Tcp.serve(
      (stream) => Effect.andThen(stream.read, Effect.fail("a failure of the handler")),
      port
    )
    for (const failed of [1, 2]) {
      const client = yield* Tcp.connect(inputOf(server.address))
      yield* client.write(new Uint8Array([1]))
      yield* ends(client)
      yield* eventually(
        `${failed} failed`,
        Effect.map(server.counters, (counters) => counters.failed === failed)
      )
    }
  }),

  law("ACC-29", "a server serves many connections at once", function* () {
    const server = yield* Tcp.serve(echo, port)
    const clients = yield* Effect.forEach([1, 2, 3, 4, 5], () =>
      Tcp.connect(inputOf(server.address))
    )
    yield* Effect.forEach(clients, echoes, { concurrency: "unbounded" })
    yield* equals(yield* server.connections, clients.length, "connections")
  })
])
