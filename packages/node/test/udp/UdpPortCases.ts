/** What the datagram ports of Node and Bun promise alike, each over its own sockets. */
import { afterEach, expect, it } from "vitest"
import { inet, orThrow, reasonOf } from "../PortWorld.ts"
import { bindRequest, bytesOf, text, type UdpWorld } from "./WatchedUdp.ts"

const numbered = (count: number): ReadonlyArray<string> =>
  Array.from({ length: count }, (_, index) => `${index}`)

export const udpPortCases = (world: UdpWorld): void => {
  afterEach(() => world.closeAll())
  sendingCases(world)
  addressCases(world)
  failureCases(world)
  deadPeerCases(world)
  connectedCases(world)
  refusedCases(world)
  lifeCases(world)
}

const sendingCases = (world: UdpWorld): void => {
  it("keeps boundaries, and delivers an empty datagram", async () => {
    const [a, b] = [await world.bind(), await world.bind()]
    a.send(b.address, "one", "", "three")
    expect(await b.texts(3)).toEqual(["one", "", "three"])
    expect(b.received[0]!.from).toEqual(a.address)
  })

  it("gives datagrams memory of their own size, as plain bytes", async () => {
    const [a, b] = [await world.bind(), await world.bind()]
    const lengths = [0, 1, 64, 1_400, 9_000, 65_507]
    for (const length of lengths)
      orThrow(a.trySend({ bytes: new Uint8Array(length), to: b.address }))
    await b.until(() => b.received.length === lengths.length)
    for (const [index, { bytes }] of b.received.entries()) {
      expect(bytes.constructor).toBe(Uint8Array)
      expect(bytes.length).toBe(lengths[index])
      expect(bytes.buffer.byteLength).toBe(lengths[index])
    }
  })

  it("leaves the sent bytes to the caller, and the received ones to the callee", async () => {
    const [a, b] = [await world.bind(), await world.bind()]
    const bytes = bytesOf("first")
    expect(a.port.lends).toBe(false)
    orThrow(a.trySend({ bytes, to: b.address }))
    bytes.set(bytesOf("later"))
    orThrow(a.trySend({ bytes, to: b.address }))
    expect(await b.texts(2)).toEqual(["first", "later"])
  })

  it("sends a batch in order, to several peers", async () => {
    const [a, b, c] = [await world.bind(), await world.bind(), await world.bind()]
    const batch = numbered(100).map((message, index) => ({
      bytes: bytesOf(message),
      to: index % 2 === 0 ? b.address : c.address
    }))
    expect(a.trySend(...batch)).toBe(100)
    const got = [await b.texts(50), await c.texts(50)]
    expect(got.flat().map(Number)).toEqual([
      ...Array.from({ length: 50 }, (_, index) => 2 * index),
      ...Array.from({ length: 50 }, (_, index) => 2 * index + 1)
    ])
  })
}

const addressCases = (world: UdpWorld): void => {
  it("answers a peer at the address that its datagram came from", async () => {
    const [a, b] = [await world.bind("::1"), await world.bind("::1")]
    a.send(b.address, "ping")
    await b.texts(1)
    b.send(b.received[0]!.from, "pong")
    expect(await a.texts(1)).toEqual(["pong"])
    expect(a.received[0]!.from).toEqual(b.address)
  })

  it("is heard by both families on ::, and answers IPv4 at its mapped address", async () => {
    const both = await world.bind("::")
    const v4 = await world.bind("127.0.0.1")
    v4.send(inet("127.0.0.1", both.address.port), "ping")
    await both.texts(1)
    const { from } = both.received[0]!
    expect(from).toEqual(inet("::ffff:127.0.0.1", v4.address.port))
    both.send(from, "pong")
    expect(await v4.texts(1)).toEqual(["pong"])
  })
}

const failureCases = (world: UdpWorld): void => {
  it("tells a datagram that is too long, and nothing behind it", async () => {
    const [a, b] = [await world.bind(), await world.bind()]
    const long = { bytes: new Uint8Array(65_508), to: b.address }
    expect(a.trySend(long)).toMatchObject({
      reason: { _tag: "MessageTooLarge", bytesMax: 65_507 }
    })
    const [one, two] = ["one", "two"].map((message) => ({
      bytes: bytesOf(message),
      to: b.address
    }))
    expect(a.trySend(one!, long, two!)).toBe(1)
    expect(reasonOf(a.trySend(long, two!))).toBe("MessageTooLarge")
    expect(a.trySend(two!)).toBe(1)
    expect(await b.texts(2)).toEqual(["one", "two"])
    expect(a.refusals).toEqual([])
  })

  it("may send to a broadcast address only once that is allowed", async () => {
    const a = await world.bind("0.0.0.0")
    const everybody = { bytes: bytesOf("all"), to: inet("127.255.255.255", a.address.port) }
    expect(reasonOf(a.trySend(everybody))).toBe("PermissionDenied")
    expect(a.port.setBroadcast(true)).toBeUndefined()
    expect(a.trySend(everybody)).toBe(1)
    expect(await a.texts(1)).toEqual(["all"])
    expect(a.port.setBroadcast(false)).toBeUndefined()
    expect(reasonOf(a.trySend(everybody))).toBe("PermissionDenied")
  })

  it("is bound where it was, or says why not", async () => {
    const a = await world.bind()
    expect(a.address.port).toBeGreaterThan(0)
    expect(reasonOf(await world.tryBind(a.address))).toBe("AddressInUse")
    // TEST-NET-3 (RFC 5737) is nobody's address.
    expect(reasonOf(await world.tryBind(inet("203.0.113.1")))).toBe("AddressNotAvailable")
  })
}

const deadPeerCases = (world: UdpWorld): void => {
  it("costs a healthy peer no datagram, one by one", async () => {
    const [a, b] = [await world.bind(), await world.bind()]
    const dead = await world.deadAddress()
    for (let round = 0; round < 100; round++) {
      a.send(dead, "dead")
      expect(a.trySend({ bytes: bytesOf(`${round}`), to: b.address })).toBe(1)
      // Now and then the port hears of what ICMP said meanwhile.
      if (round % 10 === 0) await b.texts(round + 1)
    }
    expect(await b.texts(100)).toEqual(numbered(100))
  })

  it("costs a healthy peer no datagram of a batch", async () => {
    const [a, b] = [await world.bind(), await world.bind()]
    const dead = await world.deadAddress()
    const batch = numbered(60).map((message, index) => ({
      bytes: bytesOf(message),
      to: index % 3 === 0 ? dead : b.address
    }))
    for (let round = 1; round <= 3; round++) {
      expect(a.trySend(...batch)).toBe(60)
      await b.texts(round * 40)
    }
    expect(b.received.length).toBe(120)
  })

  it("costs nobody the socket", async () => {
    const [a, b] = [await world.bind("::"), await world.bind("127.0.0.1")]
    const dead = await world.deadAddress()
    a.send(inet(`::ffff:${dead.host}`, dead.port), "dead", "dead")
    b.send(inet("127.0.0.1", a.address.port), "alive")
    expect(await a.texts(1)).toEqual(["alive"])
    a.send(a.received[0]!.from, "answer")
    expect(await b.texts(1)).toEqual(["answer"])
  })
}

const connectedCases = (world: UdpWorld): void => {
  it("hears its peer alone, and keeps what the kernel held before", async () => {
    const [a, b, c] = [await world.bind(), await world.bind(), await world.bind()]
    c.send(a.address, "before")
    expect(a.port.connect(b.address)).toBeUndefined()
    c.send(a.address, "foreign")
    b.send(a.address, "mine")
    expect(await a.texts(2)).toEqual(["before", "mine"])
    a.send(undefined, "to you", "and again")
    expect(await b.texts(2)).toEqual(["to you", "and again"])
  })

  it("may have another peer, or none again, and keeps its port", async () => {
    const [a, b, c] = [await world.bind(), await world.bind(), await world.bind()]
    expect(a.port.connect(b.address)).toBeUndefined()
    expect(a.port.connect(c.address)).toBeUndefined()
    a.send(undefined, "second")
    expect(await c.texts(1)).toEqual(["second"])
    for (let round = 1; round <= 2; round++) {
      expect(a.port.connect(undefined)).toBeUndefined()
      a.send(b.address, "free")
      await b.texts(round)
      expect(b.received.at(-1)!.from).toEqual(a.address)
      b.send(a.address, "found")
      expect((await a.texts(round)).at(-1)).toBe("found")
      expect(a.port.connect(b.address)).toBeUndefined()
    }
    expect(b.received.length).toBe(2)
  })

  it("keeps its peer when another one cannot be had", async () => {
    const [a, b] = [await world.bind(), await world.bind()]
    expect(a.port.connect(b.address)).toBeUndefined()
    expect(reasonOf(a.port.connect(inet("255.255.255.255", 9)))).toBe("PermissionDenied")
    a.send(undefined, "still yours")
    expect(await b.texts(1)).toEqual(["still yours"])
    b.send(a.address, "and mine")
    expect(await a.texts(1)).toEqual(["and mine"])
  })
}

const refusedCases = (world: UdpWorld): void => {
  it("is told once that nothing listens there, and goes on working", async () => {
    const a = await world.bind()
    const dead = await world.deadAddress()
    orThrow(a.port.connect(dead))
    a.send(undefined, "anyone?")
    await a.until(() => a.refusals.length > 0)
    expect(a.refusals.map(reasonOf)).toEqual(["ConnectionRefused"])

    // On loopback the answer is there before `trySend` returns, and the next one meets it.
    a.send(undefined, "anyone?")
    expect(reasonOf(a.trySend({ bytes: bytesOf("again"), to: undefined }))).toBe(
      "ConnectionRefused"
    )

    const back = orThrow(await world.tryBind(dead))
    a.send(undefined, "welcome")
    expect(await back.texts(1)).toEqual(["welcome"])
    back.send(a.address, "thanks")
    expect(await a.texts(1)).toEqual(["thanks"])
    expect(a.refusals.length).toBe(1)
  })

  it("is told of each answer that a batch met", async () => {
    const a = await world.bind()
    orThrow(a.port.connect(await world.deadAddress()))
    const batch = Array.from({ length: 5 }, () => ({ bytes: bytesOf("x"), to: undefined }))
    const told = [a.trySend(...batch), a.trySend(...batch.slice(1)), a.trySend(...batch.slice(2))]
    expect(told.map((it) => (typeof it === "number" ? it : reasonOf(it)))).toEqual([
      1,
      "ConnectionRefused",
      1
    ])
  })
}

const lifeCases = (world: UdpWorld): void => {
  it("reports the close once, later, and then the address can be had again", async () => {
    const a = await world.bind()
    a.port.close()
    a.port.close()
    expect(a.events).toEqual([])
    await a.seen("closed")
    a.port.close()
    const again = await world.bind("127.0.0.1", {}, a.address.port)
    expect(again.address).toEqual(a.address)
    expect(a.events).toEqual(["closed"])
  })

  it("raises nothing after the close, whatever has come", async () => {
    const [a, b] = [await world.bind(), await world.bind()]
    b.send(a.address, "unheard")
    await a.close()
    expect(a.received).toEqual([])
    expect(a.refusals).toEqual([])
  })

  it("forgets an attempt that is cancelled", async () => {
    const events: Array<string> = []
    const attempt = world.udp.bind(bindRequest(inet("127.0.0.1")), {
      onBound: () => events.push("bound"),
      onFailed: () => events.push("failed")
    })
    attempt.cancel()
    attempt.cancel()
    // Binds a socket after it, so that it would have been told.
    await world.bind()
    expect(events).toEqual([])
  })

  it("hears a burst that is longer than one dispatch, in order", async () => {
    const [a, b] = [await world.bind(), await world.bind()]
    for (const message of numbered(100)) a.send(b.address, message)
    expect((await b.texts(100)).map(Number)).toEqual(numbered(100).map(Number))
    expect(b.received.map(text).length).toBe(100)
  })
}
