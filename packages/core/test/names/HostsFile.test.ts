import { expect, it } from "vitest"
import { HostsFile } from "../../src/internal/names/HostsFile.ts"
import * as NameServer from "../../src/internal/names/NameServer.ts"

const file = new HostsFile(
  [
    "# a comment",
    "127.0.0.1\tlocalhost localhost.localdomain",
    "::1  localhost # the same in IPv6",
    "192.0.2.1 Host.Example host",
    "192.0.2.2 host.example",
    "192.0.2.1 host.example",
    "fe80::1%eth0 router",
    "not an address",
    "300.0.0.1 nonsense",
    ""
  ].join("\r\n")
)

it("gives a name's addresses in the order of the file, each once", () => {
  expect(file.addressesOf("HOST.example.")).toEqual(["192.0.2.1", "192.0.2.2"])
  expect(file.addressesOf("localhost")).toEqual(["127.0.0.1", "::1"])
  expect(file.addressesOf("router")).toEqual(["fe80::1%eth0"])
})

it("gives an address's names, the canonical one first", () => {
  expect(file.namesOf("192.0.2.1")).toEqual(["Host.Example", "host", "host.example"])
  expect(file.namesOf("fe80::1")).toEqual(["router"])
  expect(file.namesOf("192.0.2.9")).toEqual([])
})

it("passes over lines that are none, and comments", () => {
  expect(file.addressesOf("an")).toEqual([])
  expect(file.addressesOf("address")).toEqual([])
  expect(file.addressesOf("nonsense")).toEqual([])
  expect(file.addressesOf("#")).toEqual([])
})

it.each([
  ["192.0.2.53", 4, "192.0.2.53", 53],
  ["192.0.2.53:5353", 4, "192.0.2.53", 5353],
  ["2001:db8::53", 6, "2001:db8::53", 53],
  ["[2001:db8::53]", 6, "2001:db8::53", 53],
  ["[2001:db8::53]:5353", 6, "2001:db8::53", 5353],
  ["fe80::1%eth0", 6, "fe80::1%eth0", 53],
  ["[fe80::1%eth0]:53", 6, "fe80::1%eth0", 53]
])("a name server may be written %s", (text, family, host, port) => {
  expect(NameServer.parse(text)).toEqual({ family, host, port })
})

it.each([
  "",
  "ns.example",
  "192.0.2.53:0",
  "192.0.2.53:65536",
  "192.0.2.53:",
  "[192.0.2.53]:53",
  "224.0.0.1",
  "192.0.2"
])("a name server may not be written %j", (text) => {
  expect(NameServer.parse(text)).toBe(undefined)
})
