import * as NetAddress from "effect/net/NetAddress"
import * as Result from "effect/Result"
import { describe, expect, it } from "vitest"
import * as IpLiteral from "../../src/internal/IpLiteral.ts"

const parts = ["", "0", "00", "07", "9", "223", "255", "256", "1000", "x", "-1"]

/** Of three, four and five numbers. */
const texts = ["192.0.2", "192.0.2.255"].flatMap((head) =>
  parts.flatMap((first) => parts.flatMap((last) => [`${first}.${head}`, `${head}.${last}`]))
)
const quads = parts.flatMap((first) =>
  parts.flatMap((second) => parts.map((last) => `${first}.${second}.1.${last}`))
)

describe("an IPv4 literal", () => {
  it("is what Effect's parser takes", () => {
    const all = [...texts, ...quads, "", ".", "...", "1.2.3.4 ", "1.2.3.4\n", "1.2.3.٤", "::1"]
    const taken = (text: string) => Result.isSuccess(NetAddress.ipv4FromString(text))
    expect(all.filter((text) => IpLiteral.isIpv4(text) !== taken(text))).toStrictEqual([])
    expect(all.filter(IpLiteral.isIpv4).length).toBeGreaterThan(100)
  })
})

describe("a literal", () => {
  it.each([
    "",
    "example.com",
    "127.1",
    "1.2.3.256",
    "1.2.3.4%eth0",
    "[::1]",
    "::1%",
    "fe80::1%a%b"
  ])("is not %o", (text) => {
    expect(IpLiteral.parse(text)).toBeUndefined()
  })

  it.each([
    ["127.0.0.1", 4, "127.0.0.1", false],
    ["239.255.0.1", 4, "239.255.0.1", true],
    ["::ffff:10.1.2.3", 4, "10.1.2.3", false],
    ["0:0::1", 6, "::1", false],
    ["FF02::1", 6, "ff02::1", true],
    ["fe80::1%eth0", 6, "fe80::1%eth0", false]
  ] as const)("%o is of family %i and written %o", (text, family, host, isMulticast) => {
    expect(IpLiteral.parse(text)).toStrictEqual({ family, host, isMulticast })
  })
})
