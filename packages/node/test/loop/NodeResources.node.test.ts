/** What Node says of its loop, and what of it is no reason to live. */
import { once } from "node:events"
import { createServer } from "node:net"
import { expect, it } from "vitest"
import { NodeLoop } from "../../src/loop/NodeLoop.ts"

const loop = new NodeLoop()

it("the loop was busy for a part of the time, by Node's own count", () => {
  const utilization = loop.utilization()!
  expect(utilization).toBeGreaterThan(0)
  expect(utilization).toBeLessThanOrEqual(1)
})

const count = (name: string) => loop.hostResources().filter((one) => one === name).length

it("names what keeps the process alive, and not what was unref'd", async () => {
  const before = count("TCPServerWrap")
  const server = createServer().listen(0)
  await once(server, "listening")
  expect(count("TCPServerWrap")).toBe(before + 1)
  server.unref()
  expect(count("TCPServerWrap")).toBe(before)
  server.close()
})

it("a ref'd wake-up is one message port, an unref'd one is nothing", () => {
  const before = count("MessagePort")
  const wakeUps = [1, 2, 3].map(() => loop.openWakeUp(undefined, () => {}))
  expect(count("MessagePort")).toBe(before + 1)
  wakeUps[0]!.setRef(false)
  wakeUps[1]!.close()
  expect(count("MessagePort")).toBe(before + 1)
  wakeUps[2]!.setRef(false)
  expect(count("MessagePort")).toBe(before)
  wakeUps[0]!.setRef(true)
  expect(count("MessagePort")).toBe(before + 1)
  for (const wakeUp of wakeUps) wakeUp.close()
  expect(count("MessagePort")).toBe(before)
})
