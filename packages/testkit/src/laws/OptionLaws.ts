/** Laws of socket options: what is asked for is done, or said to be unsupported. */
import * as Effect from "effect/Effect"
import { connectedPair, unixPair } from "../Connections.ts"
import { failsWith, isUnsupported, rejects } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { reads } from "../Streams.ts"

const keepAlive = {
  capability: {
    name: "keepAlive",
    ask: Effect.flatMap(connectedPair(), ({ client }) =>
      client.setKeepAlive({ idle: "30 seconds" })
    )
  }
} as const

export const OptionLaws = lawGroup("Socket options", [
  law("TCP-38", "an option that a stream cannot have is Unsupported, not ignored", function* () {
    const { client } = yield* unixPair
    yield* isUnsupported(client.setNoDelay(true))
    yield* isUnsupported(client.setKeepAlive({ idle: "30 seconds" }))
  }),

  law("OPT-01", "no-delay can be switched off and on without harm", function* () {
    const { client, server } = yield* connectedPair({ noDelay: false })
    for (const enabled of [true, false, true]) {
      yield* client.setNoDelay(enabled)
      yield* client.write(new Uint8Array([1, 2]))
      yield* reads(server, new Uint8Array([1, 2]))
    }
  }),

  law(
    "OPT-02",
    "keep-alive can be switched on with an idle time, and off",
    function* () {
      const { client, server } = yield* connectedPair()
      yield* client.setKeepAlive({ idle: "30 seconds" })
      yield* client.setKeepAlive(false)
      yield* client.write(new Uint8Array([6]))
      yield* reads(server, new Uint8Array([6]))
    },
    keepAlive
  ),

  law(
    "OPT-03",
    "a keep-alive idle time outside 1 s to 32767 s is an argument error",
    function* () {
      const { client } = yield* connectedPair()
      for (const idle of [0, "999 millis", "32768 seconds", "1500 millis"] as const) {
        yield* rejects("idle", client.setKeepAlive({ idle }))
      }
    },
    keepAlive
  ),

  law("OPT-04", "options of a closed stream fail with Closed", function* () {
    const { client } = yield* connectedPair()
    yield* client.close
    yield* failsWith("Closed", client.setNoDelay(true))
    yield* failsWith("Closed", client.setNoDelay(false))
  })
])
