import { describe, expect, it } from "vitest"
import * as Address from "../src/Address.ts"
import type { PortAddress } from "../src/port/index.ts"

const inet = (host: string, port = 80): PortAddress => ({ _tag: "Inet", host, port })
const unix = (path: string): PortAddress => ({ _tag: "Unix", path })

describe("a port's literal", () => {
  it.each([
    ["IPv4", inet("127.0.0.1"), "tcp://127.0.0.1:80"],
    ["IPv6", inet("::1"), "tcp://[::1]:80"],
    ["IPv6 written at length", inet("0:0:0:0:0:0:0:1"), "tcp://[::1]:80"],
    ["IPv4 mapped into IPv6", inet("::ffff:10.1.2.3"), "tcp://10.1.2.3:80"],
    ["IPv6 with a numbered zone", inet("fe80::1%2"), "tcp://[fe80::1%2]:80"],
    ["IPv6 with a named zone, whose name is dropped", inet("fe80::1%eth0"), "tcp://[fe80::1]:80"],
    ["a path", unix("/run/app.sock"), "unix:///run/app.sock"],
    ["an abstract name", unix("\0app"), "unix:@app"],
    ["a Unix socket without a name", unix(""), "unix:"]
  ])("%s becomes an address with one text", (_, port, text) => {
    expect(Address.format(Address.fromPort(port))).toBe(text)
  })

  it.each([
    inet("127.0.0.1", 0),
    inet("::1", 65_535),
    inet("fe80::1%2"),
    unix("/run/app.sock"),
    unix("\0app")
  ])("is what connect and listen take: %o", (port) => {
    const { _tag, ...input } = port
    expect(Address.toInput(Address.fromPort(port))).toEqual(input)
  })

  it("that does not parse is a defect", () => {
    expect(() => Address.fromPort(inet("nowhere"))).toThrow(Error)
  })
})

describe("the text of what was asked for", () => {
  it.each([
    [{ port: 80 }, "tcp://127.0.0.1:80"],
    [{ host: "::1", port: 80 }, "tcp://[::1]:80"],
    [{ host: "localhost", port: 0 }, "tcp://localhost:0"],
    [{ host: "not a host", port: -1 }, "tcp://not a host:-1"],
    [{ path: "/run/app.sock" }, "unix:///run/app.sock"],
    [{ path: "\0app" }, "unix:@app"],
    [{ path: "" }, "unix://"],
    [inet("::1"), "tcp://[::1]:80"],
    [unix("\0app"), "unix:@app"]
  ])("%o, valid or not", (input, text) => {
    expect(Address.formatInput(input)).toBe(text)
  })
})

describe("the literals that a host stands for", () => {
  it.each(["localhost", "LOCALHOST", "LocalHost"])("%s is both loopback addresses", (host) => {
    expect(Address.literals(host, 80)).toEqual([inet("127.0.0.1"), inet("::1")])
  })

  it.each(["127.0.0.1", "0.0.0.0", "::", "::1", "fe80::1%2", "fe80::1%eth0", "::ffff:10.1.2.3"])(
    "%s is itself",
    (host) => {
      expect(Address.literals(host, 80)).toEqual([inet(host)])
    }
  )

  it.each([
    "",
    "example.com",
    "localhost.",
    "127.1",
    "127.0.0.256",
    "[::1]",
    "::1::",
    " 127.0.0.1",
    "%eth0",
    // A zone belongs to IPv6, and has a name: with one the host would ask a resolver.
    "127.0.0.1%eth0",
    "::1%",
    "fe80::1%eth0%1"
  ])("%o is none", (host) => {
    expect(Address.literals(host, 80)).toBeUndefined()
  })
})
