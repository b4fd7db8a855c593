/** Laws of the Proactor: one completion for one operation, batches in the order submitted. */
import { Operation, Proactor } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Fiber from "effect/Fiber"
import { ascii } from "../Bytes.ts"
import { closedPort, connectedPair, inputOf, listening } from "../Connections.ts"
import { equals, fails, failsWith, isTrue, rejects, sameBytes } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { ends, isEnd, reads } from "../Streams.ts"
import { parked } from "../Turns.ts"

const submit = <O extends Operation.Operation>(operation: O) =>
  Proactor.Proactor.use((proactor) => proactor.submit(operation))

const submitAll = <const Ops extends ReadonlyArray<Operation.Operation>>(operations: Ops) =>
  Proactor.Proactor.use((proactor) => proactor.submitAll(operations))

export const ProactorLaws = lawGroup("Proactor", [
  law("PRO-01", "connect, accept, write, read and shutdown complete in kind", function* () {
    const listener = yield* listening
    const connecting = yield* Effect.forkChild(
      Effect.scoped(
        Effect.gen(function* () {
          const { stream } = yield* submit(Operation.connect(inputOf(listener.address)))
          const chunks = [ascii("one "), ascii("two")]
          const written = yield* submit(Operation.write(stream, chunks))
          yield* equals(written.byteCount, 7, "byteCount")
          const ended = yield* submit(Operation.shutdown(stream))
          yield* equals(ended._tag, "WasShutDown", "completion")
          yield* ends(stream)
        })
      )
    )
    const accepted = yield* submit(Operation.accept(listener))
    yield* equals(accepted._tag, "Accepted", "completion")
    yield* reads(accepted.stream, ascii("one two"))
    const end = yield* submit(Operation.read(accepted.stream, 10))
    yield* isTrue(isEnd(end.bytes), "The stream should have ended")
    yield* accepted.stream.shutdown
    yield* Fiber.join(connecting)
  }),

  law("PRO-02", "a read completes with at most the bytes asked for", function* () {
    const { client, server } = yield* connectedPair()
    yield* client.write(ascii("abcdef"))
    yield* server.awaitReadable
    const { bytes } = yield* submit(Operation.read(server, 4))
    yield* sameBytes(bytes, ascii("abcd"), "bytes read")
    yield* rejects("bytesMax", submit(Operation.read(server, 0)))
  }),

  law("PRO-03", "an operation fails as the method that it stands for", function* () {
    const { client, listener } = yield* connectedPair()
    const port = yield* closedPort
    yield* failsWith("ConnectionRefused", submit(Operation.connect({ port })))
    yield* client.close
    yield* failsWith("Closed", submit(Operation.read(client, 1)))
    yield* failsWith("Closed", submit(Operation.write(client, [ascii("x")])))
    yield* listener.close
    yield* failsWith("Closed", submit(Operation.accept(listener)))
  }),

  law("PRO-04", "an interrupted read operation loses no bytes", function* () {
    const { client, server } = yield* connectedPair()
    const reading = yield* Effect.forkChild(submit(Operation.read(server, 10)), {
      startImmediately: true
    })
    yield* parked(server)
    yield* Fiber.interrupt(reading)
    yield* equals(server.waits.length, 0, "waiting")
    yield* client.write(ascii("late"))
    yield* reads(server, ascii("late"))
  }),

  law("PRO-05", "a batch gives every outcome in the order submitted", function* () {
    const { client, listener, server } = yield* connectedPair()
    const port = yield* closedPort
    const [read, refused, written, connected, accepted] = yield* submitAll([
      Operation.read(server, 10),
      Operation.connect({ port }),
      Operation.write(client, [ascii("batch")]),
      Operation.connect(inputOf(listener.address)),
      Operation.accept(listener)
    ])
    if (!Exit.isSuccess(read)) return yield* fails("The read failed")
    yield* sameBytes(read.value.bytes, ascii("batch"), "bytes read")
    yield* isTrue(Exit.isFailure(refused), "Connecting to a closed port should fail")
    if (!Exit.isSuccess(written)) return yield* fails("The write failed")
    yield* equals(written.value.byteCount, 5, "byteCount")
    yield* isTrue(Exit.isSuccess(connected), "Connecting should succeed")
    yield* isTrue(Exit.isSuccess(accepted), "Accepting should succeed")
  }),

  law("PRO-06", "writes of a batch on one stream keep their order", function* () {
    const { client, server } = yield* connectedPair()
    const sizes = [100_000, 3, 50_000, 1]
    const batch = submitAll(
      sizes.map((size, n) => Operation.write(client, [new Uint8Array(size).fill(n)]))
    )
    const writing = yield* Effect.forkChild(batch)
    for (const [n, size] of sizes.entries()) yield* reads(server, new Uint8Array(size).fill(n))
    yield* isTrue((yield* Fiber.join(writing)).every(Exit.isSuccess), "Every write should succeed")
  }),

  law("PRO-07", "a batch may be empty, and holds at most 1,024 operations", function* () {
    const { client } = yield* connectedPair()
    yield* equals((yield* submitAll([])).length, 0, "outcomes")
    const read = Operation.read(client, 1)
    yield* rejects("operations", submitAll(Array.from({ length: 1_025 }, () => read)))
  }),

  law("PRO-08", "interrupting a batch interrupts what is still under way", function* () {
    const { client, server } = yield* connectedPair()
    const batch = submitAll([Operation.read(client, 1), Operation.read(server, 1)])
    const running = yield* Effect.forkChild(batch, { startImmediately: true })
    yield* parked(client)
    yield* parked(server)
    yield* Fiber.interrupt(running)
    yield* equals(client.waits.length + server.waits.length, 0, "waiting")
  })
])
