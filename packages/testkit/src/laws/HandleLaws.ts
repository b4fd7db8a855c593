/** Laws of handles as data: what is listed, counted, named and waited for. */
import { Address, Tcp } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import { clogBytes, fill } from "../Clog.ts"
import { connectedPair, inputOf, listening } from "../Connections.ts"
import { equals, equalsAll, fails, isTrue } from "../Expectation.ts"
import { handles } from "../HandleList.ts"
import { law, lawGroup } from "../Law.ts"
import { reads } from "../Streams.ts"
import { parked } from "../Turns.ts"

export const HandleLaws = lawGroup("Handles", [
  law("HANDLE-01", "open handles are listed by id, and closed ones are not", function* () {
    const { client, listener, server } = yield* connectedPair()
    const listed = yield* handles
    const ids = listed.map((handle) => handle.id)
    yield* equalsAll(
      ids,
      ids.toSorted((a, b) => a - b),
      "ids in order"
    )
    for (const handle of [client, listener, server]) {
      yield* isTrue(ids.includes(handle.id), `Not listed: ${handle.label}`)
    }
    yield* client.close
    const left = (yield* handles).map((handle) => handle.id)
    yield* isTrue(!left.includes(client.id), `Still listed: ${client.label}`)
    yield* isTrue(left.includes(server.id), `Not listed: ${server.label}`)
  }),

  law("HANDLE-02", "an id is never used again", function* () {
    const ids: Array<number> = []
    for (let time = 0; time < 3; time++) {
      ids.push(yield* Effect.scoped(Effect.map(listening, (listener) => listener.id)))
    }
    yield* isTrue(ids[0]! < ids[1]! && ids[1]! < ids[2]!, `Ids should grow: ${ids.join(", ")}`)
  }),

  law("HANDLE-03", "a label names kind, id and addresses", function* () {
    const { client, listener } = yield* connectedPair()
    const address = Address.format(listener.address)
    yield* equals(client.kind, "TcpStream", "kind of a stream")
    yield* equals(listener.kind, "TcpListener", "kind of a listener")
    for (const text of [`TcpStream #${client.id}`, address]) {
      yield* isTrue(client.label.includes(text), `${client.label} should hold ${text}`)
    }
    for (const text of [`TcpListener #${listener.id}`, address]) {
      yield* isTrue(listener.label.includes(text), `${listener.label} should hold ${text}`)
    }
  }),

  law("HANDLE-04", "a handle says where it was opened", function* () {
    const listener = yield* Tcp.listen({ port: 0 })
    const client = yield* Tcp.connect(inputOf(listener.address))
    for (const { label, site } of [listener, client]) {
      yield* isTrue(site?.includes("HandleLaws") === true, `${label} was opened at ${site}`)
    }
  }),

  law("HANDLE-05", "counters tell the bytes of both directions", function* () {
    const { client, server } = yield* connectedPair()
    yield* client.write(new Uint8Array(300))
    yield* reads(server, new Uint8Array(300))
    yield* server.write(new Uint8Array(20))
    yield* equals((yield* client.read).length, 20, "bytes in one chunk")
    yield* equals(client.counters.bytesWritten, 300, "written by the client")
    yield* equals(client.counters.bytesRead, 20, "read by the client")
    yield* equals(server.counters.bytesWritten, 20, "written by the server")
    yield* equals(server.counters.bytesRead, 300, "read by the server")
    yield* equals(client.counters.bytesQueued, 0, "queued by the client")
  }),

  law("HANDLE-06", "a wait names the operation and the fiber", function* () {
    const { client, listener } = yield* connectedPair({ closeGrace: "10 millis" })
    yield* fill(client)
    for (const [handle, effect, operation] of [
      [client, Effect.asVoid(client.read), "TcpStream.read"],
      [client, client.awaitReadable, "TcpStream.awaitReadable"],
      [client, client.awaitWritable, "TcpStream.awaitWritable"],
      [listener, listener.awaitReadable, "TcpListener.awaitReadable"],
      [listener, Effect.asVoid(Effect.scoped(listener.accept)), "TcpListener.accept"],
      // Last: interrupting a write under way breaks its stream.
      [client, client.write(new Uint8Array(clogBytes)), "TcpStream.write"]
    ] as const) {
      const waiting = yield* Effect.forkChild(effect, { startImmediately: true })
      yield* parked(handle)
      const [wait] = handle.waits
      if (wait === undefined) return yield* fails("Nobody waits")
      yield* equals(wait.operation, operation, "operation")
      yield* equals(wait.fiberId, waiting.id, "fiber")
      yield* Fiber.interrupt(waiting)
      yield* equals(handle.waits.length, 0, "waiting")
    }
  }),

  law("HANDLE-07", "what was read ahead is not counted as read", function* () {
    const { client, server } = yield* connectedPair()
    yield* client.write(new Uint8Array(10))
    yield* server.awaitReadable
    yield* equals(server.counters.bytesRead, 0, "before the read")
    yield* server.readUpTo(4)
    yield* equals(server.counters.bytesRead, 4, "after reading four")
  })
])
