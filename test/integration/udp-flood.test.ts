/**
 * 100,000 datagrams to a socket that nobody receives from: each is queued, dropped and counted, or
 * dropped by the kernel, which counts as well; and memory stays flat.
 */
import { createSocket, type Socket } from "node:dgram"
import { once } from "node:events"
import { setImmediate, setTimeout as sleep } from "node:timers/promises"
import type { UdpSocket } from "@portico/core"
import { describe, expect, it } from "vitest"
import * as Proc from "./Proc.ts"
import { file, hosts, Program } from "./Program.ts"

const count = 100_000
const payloadBytes = 1_000
/** What is sent while the host still grows: compiles, and has not collected yet. */
const warmUp = 30_000
/** The other 70,000 would be 70 MB, and twice that with what they cost beside. */
const growthMax = 64 * 1024 * 1024
/** Less than the kernel's buffer holds, so that it is not the one to drop. */
const burst = 50

const portOf = (line: string): number => Number(/:(\d+)$/.exec(line)![1])

const openSocket = async (): Promise<Socket> => {
  const socket = createSocket("udp4")
  socket.bind(0, "127.0.0.1")
  await once(socket, "listening")
  return socket
}

const send = async (socket: Socket, port: number, datagrams: number): Promise<void> => {
  const bytes = new Uint8Array(payloadBytes)
  for (let sent = 0; sent < datagrams; sent += burst) {
    for (let each = 0; each < burst; each++) socket.send(bytes, port, "127.0.0.1")
    await setImmediate()
    while (Proc.udpSocket(port).bytesQueued > 0) await sleep(1)
  }
}

/** What the program counts now. */
const ask = async (socket: Socket, port: number): Promise<UdpSocket.UdpCounters> => {
  socket.send("?", port, "127.0.0.1")
  const [answer] = (await once(socket, "message")) as [Uint8Array]
  return JSON.parse(new TextDecoder().decode(answer)) as UdpSocket.UdpCounters
}

/** Asks until every datagram of `sent` is accounted for. */
const settled = async (socket: Socket, stalled: number, control: number, sent: number) => {
  const deadline = performance.now() + 60_000
  for (;;) {
    const counters = await ask(socket, control)
    const kernelDrops = Proc.udpSocket(stalled).drops
    const accounted = counters.datagramsQueued + counters.datagramsDropped + kernelDrops
    if (accounted === sent) return { ...counters, kernelDrops }
    if (accounted > sent || performance.now() > deadline) {
      throw new Error(`${sent} sent, ${accounted} accounted for: ${JSON.stringify(counters)}`)
    }
    await sleep(20)
  }
}

describe.skipIf(!Proc.isHere).for(hosts)("a stalled receiver on %s (needs /proc)", (host) => {
  it("counts every datagram of a flood, and holds no more", { timeout: 60_000 }, async () => {
    await using program = new Program(file(`programs/flood.${host}.ts`, host))
    const stalled = portOf(await program.line())
    const control = portOf(await program.line())
    const socket = await openSocket()
    await send(socket, stalled, warmUp)
    await settled(socket, stalled, control, warmUp)
    const before = Proc.memoryBytes(program.pid)
    await send(socket, stalled, count - warmUp)
    const counters = await settled(socket, stalled, control, count)
    const growth = Proc.memoryBytes(program.pid) - before
    socket.close()
    // 1 MiB of datagrams that cost 384 bytes beside their payload.
    expect(counters.datagramsQueued).toBe(Math.floor(2 ** 20 / (payloadBytes + 384)))
    expect(counters.bytesDropped).toBe(counters.datagramsDropped * payloadBytes)
    expect(counters.datagramsReceived).toBe(0)
    expect(counters.kernelDrops).toBeLessThan(count / 100)
    expect(growth).toBeLessThan(growthMax)
  })
})
