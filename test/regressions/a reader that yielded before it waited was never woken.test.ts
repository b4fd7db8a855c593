/**
 * A read found nothing, the run loop yielded, the bytes came, and only then did the read register:
 * nobody woke it again. Seen in random order with few operations before a yield: 20 of 60 seeds
 * ended in a deadlock.
 */
import { Tcp, type TcpStream } from "@portico/core"
import { SimBackend } from "@portico/sim"
import { Effect, Scheduler } from "effect"
import { expect, it } from "vitest"

const echo = Effect.fnUntraced(function* (stream: TcpStream.TcpStream) {
  for (;;) {
    const bytes = yield* stream.readBorrowed
    if (bytes.length === 0) return
    yield* stream.write(bytes)
  }
})

const messages = 300
const spin = Effect.suspend(() => Effect.void)

/** The client looks for its answer at ever another moment, after ever another number of steps. */
const program = Effect.gen(function* () {
  yield* Tcp.serve(echo, { port: 4000, connectionsMax: 10 })
  const client = yield* Tcp.connect({ port: 4000 })
  for (let sent = 0; sent < messages; sent++) {
    yield* client.write(Uint8Array.of(1))
    yield* Effect.sleep(`${20_000 + ((sent * 37) % 3000)} nanos`)
    for (let step = sent % 20; step > 0; step--) yield* spin
    yield* client.read
  }
  return "answered"
}).pipe(Effect.scoped)

it.each([11, 30])("every answer is read, yielding after %i operations", (operations) => {
  const yielding = Effect.provideService(program, Scheduler.MaxOpsBeforeYield, operations)
  for (let seed = 1; seed <= 25; seed++) {
    const exit = SimBackend.runSync(yielding, { seed, order: "random" })
    expect([seed, exit._tag]).toEqual([seed, "Success"])
  }
})
