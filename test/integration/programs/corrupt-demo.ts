/** The demo of a server that flips one bit in every 100,000 bytes. */
import { NodeBackend } from "@portico/node"
import * as Effect from "effect/Effect"
import { Tcp, type TcpStream } from "@portico/core"
import * as Demo from "../../../apps/demo/src/Demo.ts"
import * as EchoClient from "../../../apps/demo/src/EchoClient.ts"

const load = { connections: 4, messagesPerConnection: 50, bytesPerMessage: 4_000 }

const corrupt = (stream: TcpStream.TcpStream) =>
  Effect.gen(function* () {
    while (true) {
      const before = stream.counters.bytesRead
      const bytes = yield* stream.read
      if (bytes.length === 0) return yield* stream.shutdown
      const flipped = 100_000 - (before % 100_000) - 1
      if (flipped < bytes.length) bytes[flipped]! ^= 1
      yield* stream.write(bytes)
    }
  })

const run = Effect.gen(function* () {
  const server = yield* Tcp.serve(corrupt, { port: 0, connectionsMax: 10 })
  const port = server.address._tag === "UnixPathAddress" ? 0 : server.address.port
  const measurement = yield* EchoClient.drive({ port }, load)
  return { ...measurement, handlesLeft: { client: 0, server: 0 } }
}).pipe(Effect.scoped)

const trial = { app: "echo", world: "corrupt", isVirtual: false, run }

Demo.run([trial], [], { columnsMax: 100, isColoured: false }).pipe(NodeBackend.runMain)
