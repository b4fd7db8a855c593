/** `apps/resolver` as its command starts it, with one upstream: told its port. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as NetAddress from "effect/net/NetAddress"
import { control } from "../../servers/Control.ts"
import { serve } from "../../../../resolver/src/Program.ts"

const MiB = 1024 * 1024

export const program = Effect.gen(function* () {
  const upstream = Number(process.argv[2])
  const server = yield* serve({
    listen: { host: "127.0.0.1", port: 0 },
    zones: [],
    upstreams: [NetAddress.inetAddressFromIpStringUnsafe("127.0.0.1", upstream)],
    upstreamTimeout: Duration.seconds(1),
    upstreamDownTime: Duration.seconds(30),
    cacheEntriesMax: 10_000,
    cacheBytesMax: 32 * MiB,
    ttlMax: Duration.days(1),
    negativeTtlMax: Duration.hours(3),
    queriesMax: 1_000,
    answerBytesMax: 1_232,
    connectionsMax: 150,
    idleTimeout: Duration.seconds(10),
    drainDeadline: Duration.seconds(5)
  })
  control(server.address.port)
  return yield* Effect.never
}).pipe(Effect.scoped)
