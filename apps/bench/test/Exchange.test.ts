import { describe, expect, it } from "vitest"
import { Exchange } from "../src/load/Exchange.ts"
import { Histogram } from "../src/load/Histogram.ts"

const make = (messageBytes: number, inFlight: number, seed = 0) => {
  const histogram = new Histogram()
  return { histogram, exchange: new Exchange(seed, { messageBytes, inFlight }, histogram) }
}

/** Writes all that is owed, in pieces of at most `bytesMax`. */
const written = (exchange: Exchange, bytesMax = Infinity): Uint8Array => {
  const bytes: Array<number> = []
  for (let next = exchange.unwritten(); next !== undefined; next = exchange.unwritten()) {
    const piece = next.subarray(0, bytesMax)
    bytes.push(...piece)
    exchange.wrote(piece.length)
  }
  return Uint8Array.from(bytes)
}

describe("Exchange", () => {
  it("counts a message when its last byte is back", () => {
    const { exchange } = make(4, 2)
    exchange.send(2, 0)
    const bytes = written(exchange)
    expect(exchange.received(bytes.subarray(0, 3), 1)).toBe(0)
    expect(exchange.received(bytes.subarray(3, 7), 1)).toBe(1)
    expect(exchange.received(bytes.subarray(7), 1)).toBe(1)
    expect(exchange.inFlight).toBe(0)
  })

  it("writes the same bytes however they are cut", () => {
    const whole = make(5, 3).exchange
    const cut = make(5, 3).exchange
    for (const exchange of [whole, cut]) exchange.send(3, 0)
    expect(written(cut, 2)).toStrictEqual(written(whole))
  })

  it("times each message from its own sending", () => {
    const { exchange, histogram } = make(1, 2)
    exchange.send(1, 0)
    exchange.send(1, 10)
    exchange.received(written(exchange), 12)
    expect(histogram.quantileNanos(0.5) / 2e6).toBeCloseTo(1, 2)
    expect(histogram.quantileNanos(1) / 12e6).toBeCloseTo(1, 2)
  })

  it("refuses an echo that differs", () => {
    const { exchange } = make(4, 1)
    exchange.send(1, 0)
    const bytes = written(exchange)
    bytes[3]! ^= 1
    expect(() => exchange.received(bytes, 1)).toThrow("Cannot accept the echo: expected byte")
  })

  it("refuses the echo of another connection", () => {
    const [mine, other] = [make(4, 1, 1).exchange, make(4, 1, 2).exchange]
    for (const exchange of [mine, other]) exchange.send(1, 0)
    written(mine)
    expect(() => mine.received(written(other), 1)).toThrow("Cannot accept the echo")
  })

  it("refuses more bytes than were sent", () => {
    const { exchange } = make(4, 1)
    exchange.send(1, 0)
    const bytes = written(exchange)
    expect(() => exchange.received(Uint8Array.of(...bytes, 0), 1)).toThrow("more than were sent")
  })
})
