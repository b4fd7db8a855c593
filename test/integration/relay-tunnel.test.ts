/** What a tunnel through the relay does with ends, resets, silence and a side that stands still. */
import { once } from "node:events"
import * as Net from "node:net"
import { describe, expect, it } from "vitest"
import { connect, receive } from "./Client.ts"
import { until } from "./Poll.ts"
import * as Proc from "./Proc.ts"
import { hosts } from "./Program.ts"
import { type Relay, startRelay } from "./Relay.ts"

const MiB = 1024 * 1024

/** A server whose one connection the test has in its hands. */
const startTarget = async () => {
  const server = Net.createServer({ allowHalfOpen: true, pauseOnConnect: true })
  await once(server.listen(0, "127.0.0.1"), "listening")
  const { port } = server.address() as Net.AddressInfo
  const taken = once(server, "connection").then(([socket]: ReadonlyArray<Net.Socket>) => socket!)
  return { port, taken, [Symbol.dispose]: () => void server.close() }
}

/** Both ends of a tunnel, paused. */
const startTunnel = async (relay: Relay, port: number, taken: Promise<Net.Socket>) => {
  const { hostname, port: relayPort } = relay.url
  const client = await connect({ host: hostname, port: Number(relayPort), allowHalfOpen: true })
  client.write(Uint8Array.of(5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, port >> 8, port & 0xff))
  expect((await receive(client, 12)).subarray(0, 4).join(" ")).toBe("5 0 5 0")
  client.pause()
  return { client: noting(client), target: noting(await taken) }
}

/** The next `length` bytes of a paused socket, which is paused again then. */
const take = async (socket: Net.Socket, length: number): Promise<Buffer> => {
  const taken = receive(socket.resume(), length)
  return taken.finally(() => socket.pause())
}

/** Sends `text` to one end, and gives what came out of the other. */
const carry = async (from: Net.Socket, to: Net.Socket, text: string): Promise<string> => {
  from.write(text)
  return (await take(to, text.length)).toString()
}

/** How sockets ended: `end`, or the code of the error. Noted from their beginning on. */
const endings = new WeakMap<Net.Socket, Promise<string>>()

const noting = (socket: Net.Socket): Net.Socket => {
  const ended = new Promise<string>((resolve) => {
    socket.once("end", () => resolve("end"))
    socket.once("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message))
  })
  endings.set(socket, ended)
  return socket
}

/** Reads the socket to its end; gives how that was. */
const ending = (socket: Net.Socket): Promise<string> => endings.get(socket.resume())!

describe.for(hosts)("a tunnel through the relay on %s", { concurrent: true }, (host) => {
  it("goes on in one direction after the end of the other, whichever it is", async () => {
    await using relay = await startRelay(host)
    for (const who of ["client", "target"] as const) {
      using server = await startTarget()
      const ends = await startTunnel(relay, server.port, server.taken)
      const [first, second] =
        who === "client" ? [ends.client, ends.target] : [ends.target, ends.client]
      first.end("the last of the first")
      expect((await take(second, 21)).toString()).toBe("the last of the first")
      expect(await ending(second)).toBe("end")
      for (const text of ["more", "and more"]) {
        expect(await carry(second, first, text)).toBe(text)
      }
      second.end()
      expect(await ending(first)).toBe("end")
    }
    expect(await relay.stop()).toBe("0")
    expect(relay.stderr).toContain(" finished=2 lost=0 ")
  }, 90_000)

  it("carries a reset as a reset, whichever side it comes from", async () => {
    await using relay = await startRelay(host)
    for (const who of ["client", "target"] as const) {
      using server = await startTarget()
      const ends = await startTunnel(relay, server.port, server.taken)
      const [rude, other] =
        who === "client" ? [ends.client, ends.target] : [ends.target, ends.client]
      expect(await carry(rude, other, "hello")).toBe("hello")
      rude.resetAndDestroy()
      expect(await ending(other)).toBe("ECONNRESET")
    }
    expect(await relay.stop()).toBe("0")
    expect(relay.stderr).toContain(" finished=0 lost=2 ")
  }, 90_000)

  it("is reset on both sides once nothing moved for --idle-timeout", async () => {
    await using relay = await startRelay(host, "--idle-timeout", "400 millis")
    using server = await startTarget()
    const began = performance.now()
    const { client, target } = await startTunnel(relay, server.port, server.taken)
    expect(await Promise.all([ending(client), ending(target)])).toEqual([
      "ECONNRESET",
      "ECONNRESET"
    ])
    expect(performance.now() - began).toBeGreaterThan(350)
    expect(await relay.stop()).toBe("0")
    expect(relay.stderr).toContain(" silent=1 ")
  }, 90_000)

  it("may end while the relay drains, and is reset at the deadline if it does not", async () => {
    await using relay = await startRelay(host, "--drain-deadline", "1 seconds")
    using busyServer = await startTarget()
    using idleServer = await startTarget()
    const busy = await startTunnel(relay, busyServer.port, busyServer.taken)
    const idle = await startTunnel(relay, idleServer.port, idleServer.taken)
    relay.kill("SIGTERM")
    await relay.log("draining connections=2")
    expect(await carry(busy.client, busy.target, "still here")).toBe("still here")
    busy.client.end()
    busy.target.end()
    expect(await Promise.all([ending(busy.client), ending(busy.target)])).toEqual(["end", "end"])
    expect(await ending(idle.client)).toBe("ECONNRESET")
    expect(await relay.exit).toEqual({ code: 0, signal: null })
    expect(relay.stderr).toContain("drained finished=1 interrupted=1 left=0 handles=0")
  }, 90_000)

  it.skipIf(!Proc.isHere)(
    "holds a side back while the other does not read (needs /proc)",
    async () => {
      await using relay = await startRelay(host)
      using server = await startTarget()
      const { client, target } = await startTunnel(relay, server.port, server.taken)
      // So that memory that is used once and kept does not count.
      client.write(Buffer.alloc(8 * MiB))
      await take(target, 8 * MiB)
      const before = Proc.memoryBytes(relay.pid)
      const sent = 96 * MiB
      client.write(Buffer.alloc(sent, "stalled"))
      let taken = -1
      const stalled = await until(
        () => client.bytesWritten - client.writableLength,
        (count) => count === taken || (taken = count) < 0
      )
      expect(stalled).toBeLessThan(64 * MiB)
      expect(Proc.memoryBytes(relay.pid) - before).toBeLessThan(16 * MiB)
      client.end()
      expect((await take(target, sent)).equals(Buffer.alloc(sent, "stalled"))).toBe(true)
      target.end()
      expect(await ending(client)).toBe("end")
      expect(await relay.stop()).toBe("0")
    },
    90_000
  )

  it("is not had by a client that says nothing until the handshake timeout", async () => {
    await using relay = await startRelay(host, "--handshake-timeout", "400 millis")
    const began = performance.now()
    const where = { host: relay.url.hostname, port: Number(relay.url.port) }
    const silent = noting(await connect(where))
    expect(await ending(silent)).toBe("end")
    expect(performance.now() - began).toBeGreaterThan(350)
    expect(await relay.stop()).toBe("0")
    expect(relay.stderr).toContain(" silent=1 ")
  }, 90_000)
})
