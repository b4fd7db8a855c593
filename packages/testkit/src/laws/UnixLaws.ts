/** Laws of Unix stream sockets: UNIX. */
import { Address, Tcp } from "@portico/core"
import * as Effect from "effect/Effect"
import { ascii, randomBytes } from "../Bytes.ts"
import { connectTo, unixPair } from "../Connections.ts"
import { equals, fails, failsWith, isTrue, rejects, sameBytes } from "../Expectation.ts"
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
  law("UNIX-01", "listening on a path that exists fails with AddressInUse", function* () {
    const { makePlainFile, removeFile } = yield* LawEnvironment
    const path = yield* temporaryPath
    const listener = yield* Tcp.listen({ path })
    const error = yield* failsWith("AddressInUse", Tcp.listen({ path }))
    yield* equals(error.address, `unix://${path}`, "address")
    yield* connectTo(listener)
    const plain = yield* temporaryPath
    yield* makePlainFile(plain)
    yield* failsWith("AddressInUse", Tcp.listen({ path: plain }))
    yield* isTrue(yield* exists(plain), "The file should still be there")
    yield* removeFile(plain)
  }),

  law("UNIX-04", "a stale socket file is removed when asked for, and only then", function* () {
    const { makeStaleSocket } = yield* LawEnvironment
    const path = yield* temporaryPath
    yield* makeStaleSocket(path)
    yield* failsWith("AddressInUse", Tcp.listen({ path }))
    yield* connectTo(yield* Tcp.listen({ path, unlinkStale: true }))
  }),

  law("UNIX-08", "a socket file that somebody listens on is not stale", function* () {
    const path = yield* temporaryPath
    const listener = yield* Tcp.listen({ path })
    yield* failsWith("AddressInUse", Tcp.listen({ path, unlinkStale: true }))
    yield* connectTo(listener)
  }),

  law("UNIX-11", "asking to remove a stale file where there is none is fine", function* () {
    const path = yield* temporaryPath
    yield* connectTo(yield* Tcp.listen({ path, unlinkStale: true }))
  }),

  law("UNIX-12", "a plain file is never removed as a stale socket", function* () {
    const { makePlainFile, removeFile } = yield* LawEnvironment
    const path = yield* temporaryPath
    yield* makePlainFile(path)
    yield* failsWith(["AddressInUse", "NotASocket"], Tcp.listen({ path, unlinkStale: true }))
    yield* isTrue(yield* exists(path), "The file should still be there")
    yield* removeFile(path)
  }),

  law("UNIX-02", "connecting to a missing path is NotFound, to a file not a socket", function* () {
    const { makePlainFile, removeFile } = yield* LawEnvironment
    const path = yield* temporaryPath
    const error = yield* failsWith("NotFound", Tcp.connect({ path }))
    yield* equals(error.address, `unix://${path}`, "address")
    yield* makePlainFile(path)
    // Linux says ECONNREFUSED, others ENOTSOCK.
    yield* failsWith(["ConnectionRefused", "NotASocket"], Tcp.connect({ path }))
    yield* removeFile(path)
  }),

  law("UNIX-13", "connecting to a stale socket file is refused", function* () {
    const { makeStaleSocket, removeFile } = yield* LawEnvironment
    const path = yield* temporaryPath
    yield* makeStaleSocket(path)
    yield* failsWith("ConnectionRefused", Tcp.connect({ path }))
    yield* removeFile(path)
  }),

  law("UNIX-14", "listening in a folder that does not exist fails with NotFound", function* () {
    const path = yield* temporaryPath
    yield* failsWith("NotFound", Tcp.listen({ path: `${path}/nowhere` }))
  }),

  law("UNIX-03", "an over-long path is an argument error and is never cut short", function* () {
    const path = (yield* temporaryPath).padEnd(300, "x")
    yield* rejects("path", Tcp.listen({ path }))
    yield* rejects("path", Tcp.connect({ path }))
    // Bytes count, not characters.
    const wide = `${yield* temporaryPath}${"é".repeat(100)}`
    yield* rejects("path", Tcp.listen({ path: wide }))
    for (const length of [103, 104, 107, 108]) {
      yield* isTrue(!(yield* exists(path.slice(0, length))), `Cut to ${length} characters`)
    }
  }),

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

  law("UNIX-06", "the socket file is gone when the listener's scope has ended", function* () {
    const path = yield* temporaryPath
    yield* Effect.scoped(
      Effect.gen(function* () {
        yield* Tcp.listen({ path })
        yield* isTrue(yield* exists(path), "The file should be there while it listens")
      })
    )
    yield* isTrue(!(yield* exists(path)), "The file should be gone")
    yield* failsWith("NotFound", Tcp.connect({ path }))
  }),

  law(
    "UNIX-07",
    "the file's mode is in force when listening begins",
    function* () {
      const { fileMode } = yield* LawEnvironment
      for (const mode of [0o600, 0o660, 0o777]) {
        const path = yield* temporaryPath
        yield* Tcp.listen({ path, mode })
        yield* equals(yield* fileMode(path), mode, "mode")
      }
    },
    {
      capability: {
        name: "unixMode",
        ask: Effect.flatMap(temporaryPath, (path) => Tcp.listen({ path, mode: 0o600 }))
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
