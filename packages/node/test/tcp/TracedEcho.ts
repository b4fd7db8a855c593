/**
 * An echo server that answers each message in two writes. At messages that begin with `!` it makes
 * a system call of its own, a mark to be found in a trace.
 */
import { writeSync } from "node:fs"
import { Tcp } from "@portico/core"
import { NodeBackend } from "@portico/node"
import * as Effect from "effect/Effect"

const mark = "!".charCodeAt(0)

const program = Effect.gen(function* () {
  const server = yield* Tcp.serve(
    (stream) =>
      Effect.gen(function* () {
        for (;;) {
          const message = yield* stream.readBorrowed
          if (message.length === 0) return
          if (message[0] === mark) writeSync(1, "mark\n")
          yield* stream.write(message)
          yield* stream.write(message)
        }
      }),
    { port: 0, connectionsMax: 1 }
  )
  writeSync(1, `${"port" in server.address ? server.address.port : 0} ${process.pid}\n`)
  return yield* Effect.never
})

NodeBackend.runMain(program)
