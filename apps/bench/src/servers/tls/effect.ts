/** The echo server that a competent user writes on Effect's TLS `SocketServer`, on either host. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeSocketServer from "@effect/platform-node/NodeSocketServer"
import { Effect } from "effect"
import type { Socket } from "effect/socket"
import { control } from "../Control.ts"
import { certificate, key } from "./Credentials.ts"

const echo = Effect.fnUntraced(
  function* (socket: Socket.Socket) {
    const { pull } = yield* socket.reader
    const { writeAll } = yield* socket.writer
    while (true) yield* writeAll(yield* pull)
  },
  Effect.scoped,
  // Every end of a connection is a failure here, the peer's clean one included.
  Effect.catchTag("SocketError", () => Effect.void)
)

const options = { host: "127.0.0.1", port: 0, noDelay: true, cert: certificate, key }

const main = Effect.gen(function* () {
  const server = yield* NodeSocketServer.makeTls(options)
  if (server.address._tag === "UnixPathAddress") return yield* Effect.die("Not an inet address")
  control(server.address.port)
  return yield* server.run(echo)
}).pipe(Effect.scoped)

NodeRuntime.runMain(main)
