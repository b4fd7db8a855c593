/** Laws of resets: ours, and those that the kernel makes of a close. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { ascii } from "../Bytes.ts"
import { clogBytes, fill } from "../Clog.ts"
import { connectedPair } from "../Connections.ts"
import { equals, failsWith } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { readAll, reads, resetByClosing } from "../Streams.ts"
import { parked, settle } from "../Turns.ts"

const promptly = { closeGrace: "10 millis" } as const
const byte = new Uint8Array([1])

const reset = {
  capability: {
    name: "resetClose",
    ask: Effect.flatMap(connectedPair(), ({ client }) => client.reset)
  }
} as const

export const ResetLaws = lawGroup("Resetting", [
  law("TCP-31", "closing with unread input resets the peer", function* () {
    const { client, server } = yield* connectedPair()
    yield* resetByClosing(server, client)
    yield* failsWith("ConnectionReset", readAll(client))
  }),

  law("CLOSE-07", "bytes that came before a reset are read first", function* () {
    const { client, server } = yield* connectedPair()
    yield* server.write(ascii("last words"))
    yield* server.flush
    yield* client.awaitReadable
    yield* resetByClosing(server, client)
    yield* settle
    yield* reads(client, ascii("last words"))
    yield* failsWith("ConnectionReset", client.read)
  }),

  law(
    "TCP-29",
    "closing by reset shows the peer a reset, not an end",
    function* () {
      const { client, server } = yield* connectedPair()
      yield* client.reset
      yield* failsWith("ConnectionReset", server.read)
      yield* failsWith("Closed", client.read)
      yield* equals(client.state._tag, "Closed", "state")
    },
    reset
  ),

  law(
    "TCP-30",
    "a reset after a half-close is an argument error, and close still works",
    function* () {
      const { client, server } = yield* connectedPair()
      yield* client.shutdown
      yield* failsWith("InvalidArgument", client.reset)
      yield* server.write(byte)
      yield* reads(client, byte)
    },
    reset
  ),

  law(
    "CLOSE-09",
    "closing by reset wakes a waiting reader and writer with Closed",
    function* () {
      const { client } = yield* connectedPair(promptly)
      yield* fill(client)
      const waiting = yield* Effect.forEach(
        [client.read, client.write(new Uint8Array(clogBytes))],
        (effect) => Effect.forkChild(failsWith("Closed", effect), { startImmediately: true })
      )
      yield* parked(client, 2)
      yield* client.reset
      yield* Fiber.joinAll(waiting)
    },
    reset
  )
])
