/** Laws of the paths of Unix sockets: what is there, what is left, who may come: UNIX. */
import { Tcp } from "@portico/core"
import * as Effect from "effect/Effect"
import { connectTo } from "../Connections.ts"
import { equals, failsWith, isTrue, rejects } from "../Expectation.ts"
import { law, lawGroup } from "../Law.ts"
import { LawEnvironment } from "../LawEnvironment.ts"

const temporaryPath = Effect.flatMap(LawEnvironment, (environment) => environment.temporaryPath)

const exists = (path: string) =>
  Effect.flatMap(LawEnvironment, (environment) => environment.pathExists(path))

export const UnixPathLaws = lawGroup("Unix paths", [
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
  )
])
