import { describe, expect, it } from "vitest"
import type { Endpoint } from "../../src/kernel/Endpoint.ts"
import { close, reset } from "../../src/kernel/Teardown.ts"
import { read, shutdown, write } from "../../src/kernel/Transfer.ts"
import { type Pair, TestKernel } from "./TestKernel.ts"

const text = (value: string) => Uint8Array.from(value, (character) => character.charCodeAt(0))
const some = text("some")

interface Call {
  readonly name: "read" | "write"
  readonly end?: "client"
}
const reads: Call = { name: "read" }
const writes: Call = { name: "write" }

/** What a program sees that makes the calls, one after the other. */
const seen = (kernel: TestKernel, end: Endpoint, calls: ReadonlyArray<Call>) =>
  calls.map(({ name }) => {
    const outcome = name === "read" ? read(kernel.host, end, 100) : write(kernel.host, end, some)
    kernel.settle()
    return outcome instanceof Uint8Array ? String.fromCharCode(...outcome) : outcome
  })

type Ending = (kernel: TestKernel, pair: Pair) => void
const closes: Ending = ({ host }, { server }) => close(host, server)
const resets: Ending = ({ host }, { server }) => reset(host, server)
const repliesAnd =
  (ending: Ending): Ending =>
  (kernel, pair) => {
    write(kernel.host, pair.server, text("reply"))
    ending(kernel, pair)
  }
const ends: Ending = ({ host }, { server }) => shutdown(host, server)
const endsAnd =
  (ending: Ending): Ending =>
  (kernel, pair) => {
    ends(kernel, pair)
    kernel.settle()
    ending(kernel, pair)
  }
const leavesUnread =
  (ending: Ending): Ending =>
  (kernel, pair) => {
    write(kernel.host, pair.client, text("request"))
    kernel.settle()
    ending(kernel, pair)
  }

// What the client sees after the server did this. As measured on Linux 6.18.
const tcp: ReadonlyArray<readonly [string, Ending, ReadonlyArray<Call>, ReadonlyArray<unknown>]> = [
  ["half-closes", ends, [reads, writes, writes], ["End", 4, 4]],
  ["half-closes, then closes", endsAnd(closes), [reads, writes, writes], ["End", 4, "brokenPipe"]],
  ["closes", closes, [reads, reads], ["End", "End"]],
  ["closes", closes, [writes, writes, reads], [4, "brokenPipe", "End"]],
  ["replies and closes", repliesAnd(closes), [reads, reads], ["reply", "End"]],
  [
    "replies and closes",
    repliesAnd(closes),
    [writes, writes, reads, reads],
    [4, "brokenPipe", "reply", "End"]
  ],
  [
    "closes with unread bytes",
    leavesUnread(closes),
    [reads, reads, writes],
    ["connectionReset", "connectionReset", "brokenPipe"]
  ],
  [
    "replies and closes with unread bytes",
    leavesUnread(repliesAnd(closes)),
    [reads, reads],
    ["reply", "connectionReset"]
  ],
  ["resets", resets, [reads, writes], ["connectionReset", "brokenPipe"]],
  ["resets", resets, [writes, writes, reads], ["connectionReset", "brokenPipe", "connectionReset"]],
  ["replies and resets", repliesAnd(resets), [reads, reads], ["reply", "connectionReset"]]
]

const unix: typeof tcp = [
  ["half-closes", ends, [reads, writes, writes], ["End", 4, 4]],
  ["half-closes, then closes", endsAnd(closes), [reads, writes], ["End", "brokenPipe"]],
  ["closes", closes, [reads, writes], ["End", "brokenPipe"]],
  [
    "replies and closes",
    repliesAnd(closes),
    [writes, reads, reads],
    ["brokenPipe", "reply", "End"]
  ],
  [
    "replies and closes with unread bytes",
    leavesUnread(repliesAnd(closes)),
    [writes, reads, reads, writes],
    ["brokenPipe", "reply", "connectionReset", "brokenPipe"]
  ],
  // There is no reset of a Unix socket.
  ["resets", resets, [reads, writes], ["End", "brokenPipe"]]
]

describe.each([
  ["inet", tcp],
  ["unix", unix]
] as const)("after the peer's end (%s)", (family, table) => {
  it.each(table)("%s", (_, ending, calls, outcomes) => {
    const kernel = new TestKernel()
    const pair = kernel.pair(family)
    ending(kernel, pair)
    kernel.settle()
    expect(seen(kernel, pair.client, calls)).toEqual(outcomes)
  })
})

describe("what has been written", () => {
  it("is delivered after close, at the peer's pace", () => {
    const kernel = new TestKernel({ sendBufferBytes: 1000, receiveBufferBytes: 100 })
    const { client, server } = kernel.pair()
    expect(write(kernel.host, client, new Uint8Array(1000))).toBe(1000)
    close(kernel.host, client)
    kernel.settle()
    let bytes = 0
    let got = read(kernel.host, server, 1000)
    for (; got !== "End"; got = read(kernel.host, server, 1000)) {
      bytes += got.length
      kernel.settle()
    }
    expect(bytes).toBe(1000)
  })

  it("is dropped by a reset, except for what had arrived", () => {
    const kernel = new TestKernel({ sendBufferBytes: 1000, receiveBufferBytes: 100 })
    const { client, server } = kernel.pair()
    write(kernel.host, client, new Uint8Array(1000))
    kernel.settle()
    reset(kernel.host, client)
    kernel.settle()
    expect(read(kernel.host, server, 1000)).toHaveLength(100)
    expect(read(kernel.host, server, 1000)).toBe("connectionReset")
  })

  it("to a program that closed meanwhile is answered with a reset", () => {
    const kernel = new TestKernel()
    const { client, server } = kernel.pair()
    write(kernel.host, client, some)
    close(kernel.host, server)
    kernel.settle()
    expect(seen(kernel, client, [reads, writes])).toEqual(["End", "brokenPipe"])
    expect(client.error).toBe("connectionReset")
  })
})

describe("a connection is forgotten", () => {
  const phases = ({ client, server }: Pair) => [client.phase, server.phase]

  it.each(["inet", "unix"] as const)("when both ends closed (%s)", (family) => {
    const kernel = new TestKernel()
    const pair = kernel.pair(family)
    close(kernel.host, pair.client)
    kernel.settle()
    expect(phases(pair)).toEqual(["established", "established"])
    close(kernel.host, pair.server)
    kernel.settle()
    expect(phases(pair)).toEqual(["gone", "gone"])
  })

  it("when both ends closed at once", () => {
    const kernel = new TestKernel()
    const pair = kernel.pair()
    close(kernel.host, pair.client)
    close(kernel.host, pair.server)
    kernel.settle()
    expect(phases(pair)).toEqual(["gone", "gone"])
  })

  it("at once by whoever resets it", () => {
    const kernel = new TestKernel()
    const pair = kernel.pair()
    reset(kernel.host, pair.client)
    expect(phases(pair)).toEqual(["gone", "established"])
    kernel.settle()
    expect(phases(pair)).toEqual(["gone", "failed"])
    shutdown(kernel.host, pair.server)
    close(kernel.host, pair.server)
    expect(phases(pair)).toEqual(["gone", "gone"])
  })
})
