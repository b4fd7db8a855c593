/** The options of the datagram ports of Node and Bun, multicast among them. */
import { networkInterfaces } from "node:os"
import { afterEach, expect, it } from "vitest"
import { inet, orThrow, reasonOf } from "../PortWorld.ts"
import type { UdpWorld } from "./WatchedUdp.ts"

export const udpOptionCases = (world: UdpWorld): void => {
  afterEach(() => world.closeAll())
  optionCases(world)
  multicastCases(world)
  interfaceCases(world)
}

const optionCases = (world: UdpWorld): void => {
  it("sets the sizes of the kernel's buffers, and tells what was granted", async () => {
    const options = { kernelReceiveBytes: 20_000, kernelSendBytes: 30_000 }
    const [a, usual] = [await world.bind("127.0.0.1", options), await world.bind()]
    // Linux counts its own overhead in, and doubles.
    expect(a.port.kernelReceiveBytes).toBe(40_000)
    expect(a.port.kernelSendBytes).toBe(60_000)
    expect(usual.port.kernelReceiveBytes).toBeGreaterThan(60_000)
    a.port.close()
    expect(a.port.kernelReceiveBytes).toBeUndefined()
    expect(a.port.kernelSendBytes).toBeUndefined()
    await a.seen("closed")
  })

  it("shares its port where both ask for it", async () => {
    for (const options of [{ reusePort: true }, { reuseAddress: true }]) {
      const a = await world.bind("127.0.0.1", options)
      expect((await world.bind("127.0.0.1", options, a.address.port)).address).toEqual(a.address)
      expect(reasonOf(await world.tryBind(a.address))).toBe("AddressInUse")
    }
  })

  it("leaves a port of :: to IPv4 with ipv6Only", async () => {
    const v6 = await world.bind("::", { ipv6Only: true })
    const v4 = await world.bind("127.0.0.1", {}, v6.address.port)
    const client = await world.bind()
    client.send(v4.address, "to IPv4")
    expect(await v4.texts(1)).toEqual(["to IPv4"])
    expect(v6.received).toEqual([])
  })

  it("takes hops at their bounds, and refuses what is beyond", async () => {
    for (const host of ["127.0.0.1", "::1"]) {
      const { port } = await world.bind(host)
      for (const hops of [1, 255]) expect(port.setTtl(hops)).toBeUndefined()
      for (const hops of [0, 255]) expect(port.setMulticastTtl(hops)).toBeUndefined()
      expect(reasonOf(port.setTtl(256))).toBe("Unknown")
      expect(reasonOf(port.setMulticastTtl(256))).toBe("Unknown")
    }
  })
}

const multicastCases = (world: UdpWorld): void => {
  it("joins a group, hears it, leaves it, and does not hear it any more", async () => {
    const [group, local] = ["239.73.1.1", "127.0.0.1"]
    const membership = { group, interface: local, source: undefined }
    const [a, b] = [await world.bind(), await world.bind("0.0.0.0")]
    const [toGroup, toOne] = [inet(group, b.address.port), inet(local, b.address.port)]
    orThrow(a.port.setMulticastInterface(local))
    orThrow(a.port.setMulticastLoop(true))
    // 0 hops stay on this host.
    orThrow(a.port.setMulticastTtl(0))
    a.send(toGroup, "too early")
    orThrow(b.port.join(membership))
    a.send(toGroup, "heard")
    orThrow(b.port.leave(membership))
    a.send(toGroup, "too late")
    a.send(toOne, "end")
    expect(await b.texts(2)).toEqual(["heard", "end"])
  })

  it("hears one source of a group", async () => {
    const [group, local] = ["232.73.1.1", "127.0.0.1"]
    const [a, b] = [await world.bind(), await world.bind("0.0.0.0")]
    const other = await world.bind("127.0.0.2")
    for (const sender of [a, other]) orThrow(sender.port.setMulticastInterface(local))
    const membership = { group, interface: local, source: local }
    orThrow(b.port.join(membership))
    other.send(inet(group, b.address.port), "foreign")
    a.send(inet(group, b.address.port), "mine")
    expect(await b.texts(1)).toEqual(["mine"])
    orThrow(b.port.leave(membership))
    a.send(inet(group, b.address.port), "too late")
    a.send(inet(local, b.address.port), "end")
    expect(await b.texts(2)).toEqual(["mine", "end"])
  })
}

const interfaceCases = (world: UdpWorld): void => {
  it("says why a group cannot be joined", async () => {
    const { port } = await world.bind("0.0.0.0")
    const join = (index: number, local: string) =>
      port.join({ group: `239.73.2.${index}`, interface: local, source: undefined })
    expect(reasonOf(join(0, "203.0.113.1"))).toBe("AddressNotAvailable")
    let index = 0
    while (index < 200 && join(index, "127.0.0.1") === undefined) index++
    expect(join(index, "127.0.0.1")).toMatchObject({
      reason: { _tag: "ResourceExhausted", resource: "multicast groups of the socket" }
    })
    expect(reasonOf(port.setMulticastInterface("203.0.113.1"))).toBe("AddressNotAvailable")
  })

  it("finds an IPv6 interface by its address or its zone, and no other in its stead", async () => {
    const { port } = await world.bind("::")
    const membership = (address: string) => {
      return { group: "ff02::7301", interface: address, source: undefined }
    }
    for (const address of ["::%nowhere0", "2001:db8::1"]) {
      expect(reasonOf(port.join(membership(address)))).toBe("AddressNotAvailable")
      expect(reasonOf(port.setMulticastInterface(address))).toBe("AddressNotAvailable")
    }
    const loopbackName = Object.entries(networkInterfaces()).find(([, entries = []]) =>
      entries.some((entry) => entry.address === "::1")
    )![0]
    expect(port.setMulticastInterface("::1")).toBeUndefined()
    expect(port.join(membership("::1"))).toBeUndefined()
    // The kernel knows that this is the one that was joined.
    expect(reasonOf(port.join(membership(`::%${loopbackName}`)))).toBe("AddressInUse")
    expect(port.leave(membership(`::%${loopbackName}`))).toBeUndefined()
    expect(port.join(membership("::1"))).toBeUndefined()
  })
}
