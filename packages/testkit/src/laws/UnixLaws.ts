/** Laws of Unix stream sockets: UNIX. */
import { Address, Tcp } from "@portico/core"
import * as Effect from "effect/Effect"
import { ascii, randomBytes } from "../Bytes.ts"
import { connectTo, unixPair } from "../Connections.ts"
import { equals, fails, failsWith, isTrue, sameBytes } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { LawEnvironment } from "../LawEnvironment.ts"
import { ends, readAll, reads } from "../Streams.ts"
import { eventually } from "../Turns.ts"

const temporaryPath = Effect.flatMap(LawEnvironment, (environment) => environment.temporaryPath)

const exists = (path: string) =>
  Effect.flatMap(LawEnvironment, (environment) => environment.pathExists(path))

/** A name that no other run on this machine uses: the last part of a fresh path. */
const abstractName = Effect.map(temporaryPath, (path) => `\0${path.replaceAll("/", "-")}`)

export const UnixLaws = lawGroup("Unix sockets", [
  law(
    "UNIX-05",
    "an abstract name round-trips and carries bytes",
    function* () {
      const path = yield* abstractName
      const listener = yield* Tcp.listen({ path })
      yield* equals(Address.format(listener.address), `unix:@${path.slice(1)}`, "address")
      const { client, server } = yield* connectTo(listener)
      yield* equals(
        Address.format(yield* client.peerAddress),
        `unix:@${path.slice(1)}`,
        "the peer's address"
      )
      yield* client.write(ascii("abstract"))
      yield* reads(server, ascii("abstract"))
      yield* failsWith("AddressInUse", Tcp.listen({ path }))
    },
    {
      capability: {
        name: "abstractNames",
        ask: Effect.flatMap(abstractName, (path) => Tcp.listen({ path }))
      }
    }
  ),

  law(
    "UNIX-09",
    "a writer sees Broken once its reader is gone; a reader sees the end",
    function* () {
      const first = yield* unixPair
      yield* first.server.close
      const write = Effect.exit(first.client.write(new Uint8Array([1])))
      yield* eventually(
        "a write fails",
        Effect.map(write, (exit) => exit._tag === "Failure")
      )
      yield* failsWith("Broken", first.client.write(new Uint8Array([1])))
      const second = yield* unixPair
      yield* second.client.close
      yield* ends(second.server)
    }
  ),

  law("UNIX-15", "a Unix stream carries bytes both ways and half-closes", function* () {
    const { client, server } = yield* unixPair
    const [there, back] = [yield* randomBytes(300_000), yield* randomBytes(200_000)]
    const echo = Effect.gen(function* () {
      yield* sameBytes(yield* readAll(server), there, "bytes that went there")
      yield* server.write(back)
      yield* server.shutdown
    })
    const ask = Effect.gen(function* () {
      yield* client.write(there)
      yield* client.shutdown
      yield* sameBytes(yield* readAll(client), back, "bytes that came back")
    })
    yield* Effect.all([echo, ask], { concurrency: 2 })
  }),

  law(
    "UNIX-16",
    "the listener's end has its path, and a client's own address no name",
    function* () {
      const { client, listener, server } = yield* unixPair
      yield* equals(listener.kind, "UnixListener", "kind of the listener")
      yield* equals(client.kind, "UnixStream", "kind of a stream")
      yield* equals(server.kind, "UnixStream", "kind of an accepted stream")
      const text = Address.format(listener.address)
      yield* equals(Address.format(yield* client.peerAddress), text, "the client's peer")
      yield* equals(Address.format(yield* client.localAddress), "unix:", "the client itself")
    }
  ),

  law("UNIX-17", "a Unix listener resets what it never accepted", function* () {
    const listener = yield* Tcp.listen({ path: yield* temporaryPath })
    if (listener.address._tag !== "UnixPathAddress") return yield* fails("Not a Unix address")
    const client = yield* Tcp.connect({ path: listener.address.path })
    yield* listener.awaitReadable
    yield* listener.close
    yield* failsWith("ConnectionReset", client.read)
    yield* isTrue(!(yield* exists(listener.address.path)), "The file should be gone")
  })
])
