/** What differs where the host accepts before the program asks: Node and Bun. */
import { Tcp } from "@portico/core"
import { type Deviation, Expectation, Law, LawEnvironment } from "@portico/testkit"
import { ends } from "@portico/testkit/Streams"

export const unixEndsUnaccepted: Deviation.Deviation = {
  from: "UNIX-17",
  because: "The host has accepted by then, and a Unix socket has no RST: closing it is an end.",
  instead: Law.law("UNIX-17", "a Unix listener ends what it never accepted", function* () {
    const environment = yield* LawEnvironment
    const path = yield* environment.temporaryPath
    const listener = yield* Tcp.listen({ path })
    const client = yield* Tcp.connect({ path })
    yield* listener.awaitReadable
    yield* listener.close
    yield* ends(client)
    const isThere = yield* environment.pathExists(path)
    yield* Expectation.isTrue(!isThere, "The file should be gone")
  })
}
