import { spawn } from "node:child_process"
import { text } from "node:stream/consumers"
import type { ConnectEvents, PortAddress } from "@portico/core/port/index"
import { expect, it } from "vitest"
import { socketsOpen } from "./Descriptors.ts"
import { HungListener } from "./HungListener.ts"
import { connect, listen, loopTurned, reasonOf, tcp, tryConnect } from "./Watched.ts"

const closedPort = async (): Promise<PortAddress> => {
  const listening = await listen()
  await listening.close()
  return listening.port.localAddress
}

it("nothing listens: ConnectionRefused, in a later callback", async () => {
  expect(reasonOf(await tryConnect(await closedPort()))).toBe("ConnectionRefused")
})

it("no such path: NotFound, in a later callback", async () => {
  const path = `/tmp/portico-node-${process.pid}-none`
  expect(reasonOf(await tryConnect({ _tag: "Unix", path }))).toBe("NotFound")
})

it("an abstract name connects", async () => {
  const listening = await listen({ _tag: "Unix", path: "\0portico-node-connect" })
  const client = await connect(listening.port.localAddress)
  expect(client.port.writable).toBe(true)
  await Promise.all([client.close(), listening.close()])
})

it("the local address and port are bound first", async () => {
  const listening = await listen()
  const free = await closedPort()
  const local = { _tag: "Inet", host: "127.0.0.5", port: (free as { port: number }).port } as const
  const client = await connect(listening.port.localAddress, { local })
  const server = await listening.accept()
  expect(client.port.localAddress).toEqual(local)
  expect(server.port.peerAddress).toEqual(local)
  await Promise.all([client.close(), server.close(), listening.close()])
})

it("a local address of another host: AddressNotAvailable", async () => {
  const listening = await listen()
  const local = { _tag: "Inet", host: "203.0.113.1", port: 0 } as const
  const failure = await tryConnect(listening.port.localAddress, { local })
  expect(reasonOf(failure)).toBe("AddressNotAvailable")
  await listening.close()
})

it("a local port that is taken: AddressInUse", async () => {
  const listening = await listen()
  const local = listening.port.localAddress as PortAddress & { _tag: "Inet" }
  expect(reasonOf(await tryConnect(local, { local }))).toBe("AddressInUse")
  await listening.close()
})

class Recorded implements ConnectEvents {
  readonly events: Array<string> = []
  onConnected(): void {
    this.events.push("connected")
  }
  onFailed(): void {
    this.events.push("failed")
  }
}

const request = (address: PortAddress) => ({ address, local: undefined, noDelay: true })

it("cancel frees the descriptor of an attempt that nobody answers", async () => {
  await using hung = await HungListener.make()
  const before = socketsOpen()
  const recorded = new Recorded()
  const attempt = tcp.connect(request(hung.address), recorded)
  await loopTurned()
  expect(socketsOpen()).toBe(before + 1)
  attempt.cancel()
  attempt.cancel()
  // libuv closes the descriptor inside the call.
  expect(socketsOpen()).toBe(before)
  await loopTurned()
  expect(recorded.events).toEqual([])
})

it("cancel at once: no event, and the listener loses the connection", async () => {
  const listening = await listen()
  const before = socketsOpen()
  const recorded = new Recorded()
  tcp.connect(request(listening.port.localAddress), recorded).cancel()
  tcp.connect(request(await closedPort()), recorded).cancel()
  // One connection after it has been accepted in order, so whatever the first did is over.
  const client = await connect(listening.port.localAddress)
  const servers = [await listening.accept()]
  if (listening.port.acceptable) servers.push(await listening.accept())
  await Promise.all(servers.map((server) => server.close()))
  expect(recorded.events).toEqual([])
  await client.close()
  expect(socketsOpen()).toBe(before)
  await listening.close()
})

it("cancel after the host has failed and before that is told: no event", async () => {
  const recorded = new Recorded()
  const path = `/tmp/portico-node-${process.pid}-none`
  const attempt = tcp.connect(request({ _tag: "Unix", path }), recorded)
  // The kernel refuses inside the call; Node tells it in a later tick.
  await new Promise<void>((resolve) => process.nextTick(resolve))
  attempt.cancel()
  await loopTurned()
  expect(recorded.events).toEqual([])
})

it("cancel after the event is no close", async () => {
  const listening = await listen()
  await new Promise<void>((resolve, reject) => {
    const attempt = tcp.connect(request(listening.port.localAddress), {
      onConnected: (stream) => {
        attempt.cancel()
        stream.attach({ onReadable: () => {}, onWritable: () => {}, onClosed: resolve })
        expect(stream.tryWrite(new Uint8Array(3))).toBe(3)
      },
      onFailed: reject
    })
    void listening.accept().then(async (server) => {
      await server.until(() => server.port.bytesUnread === 3)
      await server.close()
      resolve()
    }, reject)
  })
  await listening.close()
})

it("without a free descriptor a connect and a listen fail with ResourceExhausted", async () => {
  const script = new URL("./WithoutDescriptors.ts", import.meta.url).pathname
  const command = `ulimit -n 48; exec "$0" --conditions=source "$1"`
  const child = spawn("sh", ["-c", command, process.execPath, script])
  expect(await text(child.stdout)).toBe(
    "connect ResourceExhausted EMFILE\nlisten ResourceExhausted EMFILE\n"
  )
})
