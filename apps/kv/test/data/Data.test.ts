import { describe, expect, it } from "vitest"
import * as Decimal from "../../src/data/Decimal.ts"
import { Deque } from "../../src/data/Deque.ts"
import { type Expiring, ExpiryHeap } from "../../src/data/ExpiryHeap.ts"
import { matches } from "../../src/data/Glob.ts"
import * as Integer from "../../src/data/Integer.ts"
import * as Crc32c from "../../src/journal/Crc32c.ts"
import { bytesOf } from "../../src/resp/Ascii.ts"
import { SeededDraws } from "../../../../packages/core/test/SeededDraws.ts"

describe("a deque", () => {
  it("is an array with two ends", () => {
    const draws = new SeededDraws(1)
    const deque = new Deque<number>()
    const model: Array<number> = []
    const wrong: Array<number> = []
    for (let step = 0; step < 20_000; step++) {
      const chosen = draws.below(step < 10_000 ? 6 : 10)
      if (chosen < 2) {
        deque.push(step)
        model.push(step)
      } else if (chosen < 4) {
        deque.unshift(step)
        model.unshift(step)
      } else if (model.length > 0) {
        const [taken, expected] =
          chosen % 2 === 0 ? [deque.pop(), model.pop()] : [deque.shift(), model.shift()]
        if (taken !== expected) wrong.push(step)
      }
      if (deque.length !== model.length) wrong.push(step)
      const isSame = step % 500 !== 0 || deque.toArray().join() === model.join()
      if (!isSame) wrong.push(step)
    }
    expect(wrong).toStrictEqual([])
    deque.replace([1, 2, 3])
    expect([deque.at(0), deque.at(2), deque.length]).toStrictEqual([1, 3, 3])
  })
})

describe("a heap of what expires", () => {
  it("has the first one first, whatever changes", () => {
    const draws = new SeededDraws(2)
    const heap = new ExpiryHeap<Expiring>()
    const all = Array.from({ length: 300 }, () => ({ expiresAt: Infinity, heapPlace: -1 }))
    const wrong: Array<number> = []
    for (let step = 0; step < 5_000; step++) {
      const one = draws.oneOf(all)
      one.expiresAt = draws.below(4) === 0 ? Infinity : draws.below(1_000)
      heap.update(one)
      const first = Math.min(...all.map(({ expiresAt }) => expiresAt))
      if ((heap.first?.expiresAt ?? Infinity) !== first) wrong.push(step)
    }
    expect(wrong).toStrictEqual([])
    expect(heap.size).toBe(all.filter(({ expiresAt }) => expiresAt !== Infinity).length)
  })
})

describe("a pattern", () => {
  it.for([
    ["*", "", true],
    ["*", "abc", true],
    ["a*c", "abbc", true],
    ["a*c", "abcd", false],
    ["a?c", "abc", true],
    ["a?c", "ac", false],
    ["a[b-d]e", "ace", true],
    ["a[b-d]e", "aee", false],
    ["a[^b]c", "abc", false],
    ["a[^b]c", "axc", true],
    ["a\\*", "a*", true],
    ["a\\*", "ab", false],
    ["h[a\\]]", "h]", true],
    ["*a*b*", "xxaxxbxx", true],
    ["", "", true],
    ["", "a", false],
    ["[", "a", false]
  ] as const)("%j matches %j: %s", ([pattern, text, isMatch]) => {
    expect(matches(bytesOf(pattern), bytesOf(text))).toBe(isMatch)
  })

  it("of many stars is no trap", () => {
    expect(matches(bytesOf("a*".repeat(50) + "b"), bytesOf("a".repeat(5_000)))).toBe(false)
  })
})

describe("whole numbers", () => {
  it.for([
    ["0", 0],
    ["-1", -1],
    ["999999999999999", 999_999_999_999_999],
    ["9007199254740993", 9_007_199_254_740_993n],
    ["9223372036854775807", 2n ** 63n - 1n],
    ["-9223372036854775808", -(2n ** 63n)]
  ] as const)("%s are read", ([text, value]) => {
    expect(Integer.parse(bytesOf(text))).toBe(value)
  })

  it.for(["", "-", "-0", "01", "+1", "1 ", "9223372036854775808", "1.0", "a"])(
    "%j are none",
    (text) => {
      expect(Integer.parse(bytesOf(text))).toBe(undefined)
    }
  )

  it("are added exactly, or not at all", () => {
    expect(Integer.add(Number.MAX_SAFE_INTEGER, 1)).toBe(2n ** 53n)
    expect(Integer.add(2n ** 63n - 1n, 1)).toBe(undefined)
    expect(Integer.add(-(2n ** 63n), 2n ** 63n - 1n)).toBe(-1)
    expect(Integer.negate(-(2n ** 63n))).toBe(undefined)
  })
})

describe("numbers with a fraction", () => {
  it.for([
    [0.1 + 0.2, "0.30000000000000004"],
    [1e21, "1000000000000000000000"],
    [1e-7, "0.0000001"],
    [-3, "-3"],
    [0, "0"]
  ] as const)("%s is written %s", ([value, text]) => {
    expect(Decimal.format(value)).toBe(text)
    expect(Decimal.parse(text)).toBeCloseTo(value)
  })

  it.for(["", "a", "1 ", "0x10", "nan", "1e"])("%j is none", (text) => {
    expect(Decimal.parse(text)).toBe(undefined)
  })
})

describe("a checksum", () => {
  it("is the same wherever its bytes lie", () => {
    const draws = new SeededDraws(3)
    const all = Uint8Array.from({ length: 4_000 }, () => draws.below(256))
    const expected = Array.from(all).reduce(
      (sum, _, at) => Crc32c.extend(sum, all, at, at + 1),
      Crc32c.empty
    )
    const sums = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((offset) => {
      const moved = new Uint8Array(4_016)
      moved.set(all, offset)
      return Crc32c.extend(Crc32c.empty, moved, offset, offset + 4_000)
    })
    expect(new Set(sums)).toStrictEqual(new Set([expected]))
    const cuts = [0, 4, 8, 36, 37, 1_000].map((cut) =>
      Crc32c.extend(Crc32c.extend(Crc32c.empty, all, 0, cut), all, cut)
    )
    expect(new Set(cuts)).toStrictEqual(new Set([expected]))
  })

  it("is CRC-32C (RFC 3720 §B.4)", () => {
    const sumOf = (bytes: Uint8Array) => Crc32c.extend(Crc32c.empty, bytes) >>> 0
    expect(sumOf(bytesOf("123456789"))).toBe(0xe306_9283)
    expect(sumOf(new Uint8Array(32))).toBe(0x8a91_36aa)
    expect(sumOf(new Uint8Array(32).fill(255))).toBe(0x62a8_ab43)
    const bytes = Uint8Array.from({ length: 32 }, (_, index) => index)
    expect(sumOf(bytes)).toBe(0x46dd_794e)
    expect(Crc32c.extend(Crc32c.extend(Crc32c.empty, bytes, 0, 7), bytes, 7) >>> 0).toBe(
      0x46dd_794e
    )
  })
})
