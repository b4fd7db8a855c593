import { describe, expect, it } from "vitest"
import { isCertifiedFor, lookUp } from "../../src/internal/tls/ServerNames.ts"

const dns = (...values: ReadonlyArray<string>) =>
  values.map((value) => ({ kind: "dns", value }) as const)
const ip = (...values: ReadonlyArray<string>) =>
  values.map((value) => ({ kind: "ip", value }) as const)

describe("a certificate is for", () => {
  it.each([
    [["example.org"], "example.org"],
    [["EXAMPLE.org"], "example.org"],
    [["other.example", "example.org"], "example.org"],
    [["*.example.org"], "a.example.org"],
    [["xn--bcher-kva.example"], "xn--bcher-kva.example"]
  ])("%j: %s", (names, name) => {
    expect(isCertifiedFor(dns(...names), name)).toBe(true)
  })

  it.each([
    [ip("127.0.0.1"), "127.0.0.1"],
    [ip("0:0:0:0:0:0:0:1"), "::1"],
    [ip("2001:DB8:0:0:0:0:0:1"), "2001:db8::1"]
  ])("%j: %s", (names, name) => {
    expect(isCertifiedFor(names, name)).toBe(true)
  })
})

describe("a certificate is not for", () => {
  it.each([
    [["example.org"], "a.example.org", "a name below"],
    [["*.example.org"], "example.org", "the parent of a pattern"],
    [["*.example.org"], "a.b.example.org", "two labels more"],
    [["*.org"], "example.org", "all below a top level"],
    [["*"], "localhost", "everything"],
    [["a*.example.org"], "ab.example.org", "a part of a label"],
    [["example.org.evil.test"], "example.org", "a longer name"],
    [[], "example.org", "anybody, without names"]
  ])("%j: %s (%s)", (names, name) => {
    expect(isCertifiedFor(dns(...names), name)).toBe(false)
  })

  it("an address that it has as a name, nor a name that it has as an address", () => {
    expect(isCertifiedFor(dns("127.0.0.1"), "127.0.0.1")).toBe(false)
    expect(isCertifiedFor(ip("127.0.0.1"), "127.0.0.2")).toBe(false)
    expect(isCertifiedFor([{ kind: "other", value: "example.org" }], "example.org")).toBe(false)
  })
})

describe("what names have for a server name", () => {
  const names = new Map([
    ["a.example.org", 1],
    ["*.example.org", 2]
  ])

  it("is the full name's before the pattern's", () => {
    expect(lookUp(names, "A.example.org")).toBe(1)
    expect(lookUp(names, "b.example.org")).toBe(2)
    expect(lookUp(names, "example.org")).toBeUndefined()
  })
})
