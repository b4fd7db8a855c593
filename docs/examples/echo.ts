import { NodeBackend } from "@portico/node"
import { Address, Tcp, type TcpStream } from "@portico/core"
import { Console, Effect } from "effect"

const echo = Effect.fnUntraced(function* (stream: TcpStream.TcpStream) {
  for (;;) {
    const chunk = yield* stream.readBorrowed
    if (chunk.length === 0) return // the peer has ended
    yield* stream.write(chunk)
  }
})

const program = Effect.gen(function* () {
  const server = yield* Tcp.serve(echo, { port: 0, connectionsMax: 1_000 })
  yield* Console.log(`ready ${Address.format(server.address)}`)
  yield* server.stopped
})

NodeBackend.runMain(program)
