/**
 * Echo runs out of descriptors, and recovers.
 *
 * Neither host tells a program about EMFILE in accept, so the server cannot log it: libuv accepts
 * with a spare descriptor and closes at once, which drops the client; Bun leaves the client in the
 * kernel's backlog and tries again (with a whole core) until a descriptor is free.
 */
import { once } from "node:events"
import * as Net from "node:net"
import { describe, expect, it } from "vitest"
import { exchange } from "./Client.ts"
import { type Echo, startEcho } from "./Echo.ts"
import { until } from "./Poll.ts"
import { type Host, hosts } from "./Program.ts"

const descriptorsMax = 64
const clients = 200
const servedMin = 20

const whoFindsNone: { readonly [host in Host]: "dropped" | "waiting" } = {
  node: "dropped",
  bun: "waiting"
}

interface Guest {
  readonly socket: Net.Socket
  state: "waiting" | "answered" | "dropped"
}

/** Connects and says one word; `state` tells what came of it. */
const visit = (echo: Echo): Guest => {
  const socket = Net.connect(echo.address)
  const guest: Guest = { socket, state: "waiting" }
  socket.on("connect", () => socket.write("hello"))
  socket.on("data", () => (guest.state = "answered"))
  // FIN or RST, whichever the client's first bytes meet.
  socket.on("error", () => {})
  socket.on("close", () => {
    if (guest.state === "waiting") guest.state = "dropped"
  })
  return guest
}

const count = (guests: ReadonlyArray<Guest>, state: Guest["state"]): number =>
  guests.filter((guest) => guest.state === state).length

/** Until all know what becomes of them or, where who waits may wait for ever, nothing changes. */
const settle = async (guests: ReadonlyArray<Guest>, host: Host): Promise<void> => {
  if (whoFindsNone[host] === "dropped") {
    await until(
      () => count(guests, "waiting"),
      (waiting) => waiting === 0
    )
    return
  }
  let seen = ""
  let since = performance.now()
  await until(
    () => guests.map((guest) => guest.state).join(),
    (states) => {
      if (states !== seen) since = performance.now()
      seen = states
      return count(guests, "answered") > servedMin && performance.now() - since > 1_000
    }
  )
}

describe.for(hosts)("echo on %s with 64 descriptors and 200 clients", (host) => {
  it("serves whom it can, goes on, and recovers when descriptors return", async () => {
    const options = ["--drain-deadline", "200 millis"]
    await using echo = await startEcho(host, options, { descriptorsMax })
    const guests = Array.from({ length: clients }, () => visit(echo))
    await settle(guests, host)

    const served = count(guests, "answered")
    expect(served).toBeGreaterThan(servedMin)
    expect(served).toBeLessThan(descriptorsMax)
    expect(count(guests, whoFindsNone[host])).toBe(clients - served)
    const known = guests.find((guest) => guest.state === "answered")!
    expect(await exchange(known.socket, "still there")).toBe("still there")

    const gone = guests.filter((guest) => guest.state === "answered" && guest !== known)
    const waiting = guests.filter((guest) => guest.state === "waiting")
    for (const { socket } of gone) socket.destroy()
    await until(
      () => count(waiting, "answered"),
      (answered) => answered >= Math.min(waiting.length, gone.length)
    )
    for (const { socket } of waiting) socket.destroy()
    const late = visit(echo)
    await once(late.socket, "data")
    expect(await exchange(known.socket, "still there")).toBe("still there")

    echo.kill("SIGTERM")
    expect(await echo.exit).toEqual({ code: 0, signal: null })
    expect(echo.stderr).toContain("left=0 handles=0")
  }, 90_000)
})
