import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync, statSync } from "node:fs"
import * as Net from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import type { ListenRequest, PortAddress } from "@portico/core/port/index"
import { expect, it } from "vitest"
import {
  bytes,
  connect,
  fill,
  listen,
  listenRequest,
  type Listening,
  loopback,
  loopTurned,
  reasonOf,
  Side,
  tcp,
  tryConnect,
  tryListen
} from "./Watched.ts"

let paths = 0
const freshPath = (): PortAddress & { readonly _tag: "Unix" } => ({
  _tag: "Unix",
  path: join(tmpdir(), `portico-node-${process.pid}-${paths++}`)
})

const portOf = (listening: Listening): number =>
  (listening.port.localAddress as { readonly port: number }).port

it("port 0 becomes a real port", async () => {
  const listening = await listen()
  expect(portOf(listening)).toBeGreaterThan(0)
  await listening.close()
})

it("an address, a path and a name that are taken: AddressInUse", async () => {
  for (const address of [loopback, freshPath(), { _tag: "Unix", path: "\0portico-node-twice" }]) {
    const listening = await listen(address as PortAddress)
    expect(reasonOf(await tryListen(listening.port.localAddress))).toBe("AddressInUse")
    await listening.close()
  }
})

it("an address of another host: AddressNotAvailable; a missing folder: NotFound", async () => {
  const foreign = { _tag: "Inet", host: "203.0.113.1", port: 0 } as const
  expect(reasonOf(await tryListen(foreign))).toBe("AddressNotAvailable")
  const lost = { _tag: "Unix", path: join(tmpdir(), "portico-node-nowhere", "socket") } as const
  expect(reasonOf(await tryListen(lost))).toBe("NotFound")
})

it("connections are taken in the order in which they came", async () => {
  const listening = await listen()
  const first = await connect(listening.port.localAddress)
  const second = await connect(listening.port.localAddress)
  const servers = [await listening.accept(), await listening.accept()]
  expect(listening.port.acceptable).toBe(false)
  expect(listening.port.tryAccept()).toBe("WouldBlock")
  expect(servers.map(({ port }) => port.peerAddress)).toEqual([
    first.port.localAddress,
    second.port.localAddress
  ])
  await Promise.all([first, second, ...servers, listening].map((side) => side.close()))
})

it("a connection that waits is not read", async () => {
  const listening = await listen()
  const client = await connect(listening.port.localAddress)
  await listening.until(() => listening.port.acceptable)
  const sent = fill(client.port)
  await loopTurned()
  const server = await listening.accept()
  expect(server.port.bytesUnread).toBe(0)
  const draining = server.drain()
  await client.until(() => client.port.writable)
  client.port.shutdown()
  expect((await draining).bytes.length).toBe(sent)
  await Promise.all([client, server, listening].map((side) => side.close()))
})

it("connections beyond acceptQueueMax are reset, the others are not", async () => {
  const listening = await listen(loopback, { acceptQueueMax: 2 })
  const clients: Array<Side> = []
  for (let index = 0; index < 2; index++) clients.push(await connect(listening.port.localAddress))
  // The reset may come before Node has told that it is connected.
  const third = await tryConnect(listening.port.localAddress)
  const over = third instanceof Side ? (await third.drain()).over : third
  expect(reasonOf(over)).toBe("ConnectionReset")
  if (third instanceof Side) clients.push(third)
  const servers = [await listening.accept(), await listening.accept()]
  expect(listening.port.acceptable).toBe(false)
  servers[1]!.port.tryWrite(bytes(4))
  await clients[1]!.until(() => clients[1]!.port.bytesUnread === 4)
  await Promise.all([...clients, ...servers, listening].map((side) => side.close()))
})

it("a connection that was reset while it waited is handed out, with its bytes", async () => {
  const listening = await listen()
  const client = await connect(listening.port.localAddress)
  await listening.until(() => listening.port.acceptable)
  client.port.tryWrite(bytes(7))
  client.port.reset()
  await client.seen("closed")
  const server = await listening.accept()
  const { bytes: got, over } = await server.drain()
  expect(got.length).toBe(7)
  expect(reasonOf(over)).toBe("ConnectionReset")
  await Promise.all([server.close(), listening.close()])
})

it("close resets who waits, reports once and later, and frees the port", async () => {
  const listening = await listen()
  const address = listening.port.localAddress
  const client = await connect(address)
  await listening.until(() => listening.port.acceptable)
  listening.port.close()
  listening.port.close()
  expect(listening.events).not.toContain("closed")
  expect(listening.port.tryAccept()).toBe("WouldBlock")
  expect(reasonOf((await client.drain()).over)).toBe("ConnectionReset")
  await listening.seen("closed")
  const again = await listen(address)
  await Promise.all([client.close(), again.close()])
  expect(listening.events.filter((event) => event === "closed").length).toBe(1)
})

it("close leaves accepted connections alone", async () => {
  const listening = await listen()
  const client = await connect(listening.port.localAddress)
  const server = await listening.accept()
  await listening.close()
  expect(reasonOf(await tryConnect(listening.port.localAddress))).toBe("ConnectionRefused")
  client.port.tryWrite(bytes(9))
  await server.until(() => server.port.bytesUnread === 9)
  await Promise.all([client.close(), server.close()])
})

it("a Unix path is there while it listens, with the mode asked for, and gone after", async () => {
  const address = freshPath()
  const umask = process.umask()
  const listening = await listen(address, { mode: 0o640 })
  expect(statSync(address.path).mode & 0o777).toBe(0o640)
  expect(process.umask()).toBe(umask)
  await listening.close()
  expect(existsSync(address.path)).toBe(false)
})

it("the umask is put back when the listening fails", async () => {
  const umask = process.umask()
  const lost = { _tag: "Unix", path: join(tmpdir(), "portico-node-nowhere", "socket") } as const
  expect(reasonOf(await tryListen(lost, { mode: 0o600 }))).toBe("NotFound")
  expect(process.umask()).toBe(umask)
})

it("cancel of a listen: no event, and the address is free", async () => {
  const address = freshPath()
  const events: Array<string> = []
  const attempt = tcp.listen(listenRequest(address), {
    onListening: () => events.push("listening"),
    onFailed: () => events.push("failed")
  })
  attempt.cancel()
  const listening = await listen(address)
  expect(events).toEqual([])
  await listening.close()
})

const reaches = async (host: string, options: Partial<ListenRequest>): Promise<string> => {
  const listening = await listen({ _tag: "Inet", host: "::", port: 0 }, options)
  const outcome = await tryConnect({ _tag: "Inet", host, port: portOf(listening) })
  if (outcome instanceof Side) await outcome.close()
  await listening.close()
  return outcome instanceof Side ? "reached" : reasonOf(outcome)
}

it("an IPv6 listener takes IPv4, unless ipv6Only", async () => {
  expect(await reaches("127.0.0.1", { ipv6Only: false })).toBe("reached")
  expect(await reaches("127.0.0.1", { ipv6Only: true })).toBe("ConnectionRefused")
  expect(await reaches("::1", { ipv6Only: true })).toBe("reached")
})

it("a port is shared by those who all ask for it", async () => {
  const first = await listen(loopback, { reusePort: true })
  const second = await listen(first.port.localAddress, { reusePort: true })
  expect(reasonOf(await tryListen(first.port.localAddress))).toBe("AddressInUse")
  await Promise.all([first.close(), second.close()])
})

it("a foreign client is served", async () => {
  const listening = await listen()
  const client = Net.connect({ host: "127.0.0.1", port: portOf(listening), allowHalfOpen: true })
  const answer = new Promise<string>((resolve) => {
    let text = ""
    client.on("data", (chunk) => (text += chunk.toString()))
    client.on("end", () => resolve(text))
  })
  client.end("question")
  const server = await listening.accept()
  const { bytes: got, over } = await server.drain()
  expect(Buffer.from(got).toString()).toBe("question")
  expect(over).toBe("End")
  server.port.tryWrite(Buffer.from("answer"))
  server.port.shutdown()
  expect(await answer).toBe("answer")
  await Promise.all([server.close(), listening.close()])
})

it("an unref'd listener and its connection let the process end", async () => {
  const script = new URL("./Unreferenced.ts", import.meta.url).pathname
  const child = spawn(process.execPath, ["--conditions=source", script])
  const exit = once(child, "exit")
  expect(await text(child.stdout)).toBe("connected\n")
  expect(await exit).toEqual([0, null])
})
