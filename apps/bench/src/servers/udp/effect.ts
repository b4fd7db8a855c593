/** The echo server that a competent user writes on Effect's `DatagramSocket`, on either host. */
import * as NodeDatagramSocket from "@effect/platform-node/NodeDatagramSocket"
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { Effect } from "effect"
import { control } from "../Control.ts"

const main = Effect.gen(function* () {
  const socket = yield* NodeDatagramSocket.make({ bind: { address: "127.0.0.1", port: 0 } })
  const { address, pull } = yield* socket.reader
  const { write } = yield* socket.writer
  control(address.port)
  while (true) {
    for (const datagram of yield* pull) {
      yield* write({ payload: datagram.payload, address: datagram })
    }
  }
}).pipe(Effect.scoped)

NodeRuntime.runMain(main)
