/** Laws of arguments: one out of its bound is told by name, and nothing was attempted. */
import { Tcp, type TcpOptions } from "@portico/core"
import * as Effect from "effect/Effect"
import { connectTo, listening } from "../Connections.ts"
import { equals, rejects } from "../Expectation.ts"
import { handleCount } from "../HandleList.ts"
import { law, lawGroup } from "../Law.ts"
import { LawEnvironment } from "../LawEnvironment.ts"

const handler = () => Effect.void

const connects = (options: TcpOptions.ConnectOptions) => Effect.scoped(Tcp.connect(options))
const listens = (options: TcpOptions.ListenOptions) => Effect.scoped(Tcp.listen(options))
const serves = (options: TcpOptions.ServeOptions) => Effect.scoped(Tcp.serve(handler, options))

export const ArgumentLaws = lawGroup("Arguments", [
  law("ARG-01", "a port to connect to is an integer from 1 to 65535", function* () {
    for (const port of [0, -1, 65_536, 80.5, Number.NaN]) yield* rejects("port", connects({ port }))
  }),

  law("ARG-02", "a port to listen on is an integer from 0 to 65535", function* () {
    for (const port of [-1, 65_536, 0.5, Number.NaN]) yield* rejects("port", listens({ port }))
  }),

  law("ARG-03", "a host is an IP literal, localhost or, to connect to, a name", function* () {
    for (const host of ["", "a..b", "256.0.0.1", "1.2.3", ":::", "127.0.0.1 "]) {
      yield* rejects("host", connects({ host, port: 80 }))
      yield* rejects("host", listens({ host, port: 0 }))
    }
    yield* rejects("host", listens({ host: "example.com", port: 0 }))
    yield* connectTo(yield* Tcp.listen({ host: "LocalHost", port: 0 }))
  }),

  law("ARG-04", "a path is not empty and holds no NUL but a leading one", function* () {
    for (const path of ["", "\0", "/tmp/with\0nul"]) {
      yield* rejects("path", connects({ path }))
      yield* rejects("path", listens({ path }))
    }
  }),

  law("ARG-05", "the accept queue is bounded by 1 to 65535 connections", function* () {
    for (const acceptQueueMax of [0, -1, 65_536, 1.5]) {
      yield* rejects("acceptQueueMax", listens({ port: 0, acceptQueueMax }))
    }
  }),

  law("ARG-06", "the backlog is bounded by 1 to 65535 connections", function* () {
    for (const backlog of [0, -1, 65_536, 1.5]) {
      yield* rejects("backlog", listens({ port: 0, backlog }))
    }
  }),

  law("ARG-07", "the mode of a socket file is 0 to 0o777", function* () {
    const path = yield* (yield* LawEnvironment).temporaryPath
    for (const mode of [-1, 0o1000, 0.5]) yield* rejects("mode", listens({ path, mode }))
  }),

  law("ARG-08", "a server's connection limit is 1 to 1,000,000", function* () {
    for (const connectionsMax of [0, -1, 1.5, 1_000_001, Number.POSITIVE_INFINITY]) {
      yield* rejects("connectionsMax", serves({ port: 0, connectionsMax }))
    }
  }),

  law("ARG-09", "a server's own options are checked before it listens", function* () {
    yield* rejects("port", serves({ port: -1, connectionsMax: 1 }))
    yield* rejects("drainDeadline", serves({ port: 0, connectionsMax: 1, drainDeadline: -1 }))
  }),

  law("ARG-10", "a connect timeout is not negative", function* () {
    const { address } = yield* listening
    const port = address._tag === "UnixPathAddress" ? 1 : address.port
    yield* rejects("timeout", connects({ port, timeout: -1 }))
  }),

  law(
    "ARG-11",
    "a local address is a literal with a port from 0 to 65535",
    function* () {
      const bad = { host: "example.com", port: 0 }
      yield* rejects("local.host", connects({ port: 80, local: bad }))
      yield* rejects("local.port", connects({ port: 80, local: { port: 65_536 } }))
    },
    {
      capability: { name: "localBind", ask: connects({ port: 80, local: { port: 0 } }) }
    }
  ),

  law("ARG-12", "an option of the other kind of address is refused, not ignored", function* () {
    const path = yield* (yield* LawEnvironment).temporaryPath
    yield* rejects("mode", listens({ port: 0, mode: 0o600 }))
    yield* rejects("unlinkStale", listens({ port: 0, unlinkStale: true }))
    yield* rejects("reusePort", listens({ path, reusePort: true }))
    yield* rejects("ipv6Only", listens({ path, ipv6Only: true }))
    yield* rejects("local", connects({ path, local: { port: 0 } }))
  }),

  law("ARG-13", "nothing was attempted when an argument is refused", function* () {
    const before = yield* handleCount
    yield* rejects("port", connects({ port: -1 }))
    yield* rejects("port", listens({ port: -1 }))
    yield* rejects("connectionsMax", serves({ port: 0, connectionsMax: 0 }))
    yield* equals(yield* handleCount, before, "handles")
  })
])
