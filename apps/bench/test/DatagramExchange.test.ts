import { describe, expect, it } from "vitest"
import { DatagramExchange } from "../src/load/DatagramExchange.ts"
import { Histogram } from "../src/load/Histogram.ts"

const make = (messageBytes: number, inFlight: number, seed = 0) => {
  const histogram = new Histogram()
  return { histogram, exchange: new DatagramExchange(seed, { messageBytes, inFlight }, histogram) }
}

/** What a server would send back: the datagram as it is now. */
const echoOf = (bytes: Uint8Array) => bytes.slice()

describe("DatagramExchange", () => {
  it("counts what came back, in whatever order, and times each from its own sending", () => {
    const { exchange, histogram } = make(16, 2)
    const first = echoOf(exchange.send(0, 0))
    const second = echoOf(exchange.send(1, 10))
    expect(exchange.inFlight).toBe(2)
    expect(exchange.received(second, 12)).toBe(1)
    expect(exchange.received(first, 15)).toBe(0)
    expect([exchange.inFlight, histogram.total]).toStrictEqual([0, 2])
    expect(histogram.quantileNanos(0.5) / 2e6).toBeCloseTo(1, 2)
    expect(histogram.quantileNanos(1) / 15e6).toBeCloseTo(1, 2)
  })

  it("gives up what is late, and ignores it when it comes", () => {
    const { exchange, histogram } = make(16, 2)
    const late = echoOf(exchange.send(0, 0))
    exchange.send(1, 90)
    expect(exchange.giveUp(50)).toStrictEqual([0])
    expect([exchange.lost, exchange.inFlight]).toStrictEqual([1, 1])
    exchange.send(0, 100)
    expect(exchange.received(late, 101)).toBeUndefined()
    expect([exchange.inFlight, histogram.total]).toStrictEqual([2, 0])
  })

  it("counts a datagram that came twice once", () => {
    const { exchange, histogram } = make(16, 1)
    const bytes = echoOf(exchange.send(0, 0))
    expect(exchange.received(bytes, 1)).toBe(0)
    expect(exchange.received(bytes, 2)).toBeUndefined()
    expect(histogram.total).toBe(1)
  })

  it("refuses an echo that differs, is another client's, or of another length", () => {
    const { exchange } = make(16, 1)
    const bytes = echoOf(exchange.send(0, 0))
    const changed = bytes.slice()
    changed[15]! ^= 1
    expect(() => exchange.received(changed, 1)).toThrow("Cannot accept the echo: expected byte")
    const other = echoOf(make(16, 1, 2).exchange.send(0, 0))
    expect(() => exchange.received(other, 1)).toThrow("Cannot accept the echo: expected byte")
    expect(() => exchange.received(bytes.subarray(1), 1)).toThrow("15 bytes instead of 16")
  })
})
