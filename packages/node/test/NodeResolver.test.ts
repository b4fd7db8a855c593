import { Turn } from "@portico/core/port/index"
import { Resolver } from "@portico/core"
import * as Effect from "effect/Effect"
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"
import { afterEach, describe, expect, it } from "vitest"
import * as NodeResolver from "../src/NodeResolver.ts"

const turn = new Turn({ soon: queueMicrotask, later: setImmediate })
const folder = fs.mkdtempSync(path.join(os.tmpdir(), "resolver-"))
const hostsPath = path.join(folder, "hosts")
const port = NodeResolver.make({ turn, lookupsMax: 1, hostsPath })

afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

const lookup = (name: string, family: 0 | 4 | 6 = 0) =>
  new Promise<ReadonlyArray<string> | string>((resolve) => {
    port.lookup(
      { name, family },
      { onFound: resolve, onFailed: ({ reason }) => resolve(reason._tag) }
    )
  })

// The file runs on Bun as well: this is what `BunResolver` leans on.
describe("the system's resolver", () => {
  it("finds what the hosts file of every system has", async () => {
    expect(await lookup("localhost", 4)).toEqual(["127.0.0.1"])
  })

  it("keeps the scope of an address", async () => {
    expect(await lookup("fe80::1%1", 6)).toEqual([expect.stringMatching(/^fe80::1%/)])
  })

  it("tells what failed by its reason", async () => {
    expect(["NameNotFound", "TemporaryFailure"]).toContain(await lookup("no-such-host.invalid"))
  }, 90_000)

  it("refuses what is no name in a later callback", async () => {
    let isLater = false
    const refused = lookup("a\0b")
    isLater = true
    expect(typeof (await refused)).toBe("string")
    expect(isLater).toBe(true)
  })

  it("lists name servers as `ResolverOptions` takes them", () => {
    for (const server of port.servers()) expect(server).toMatch(/^[\d.]+(:\d+)?$|:/)
  })
})

describe("the hosts file", () => {
  it("is read as it is, and is empty where there is none", () => {
    fs.mkdirSync(folder, { recursive: true })
    expect(port.hosts()).toBe("")
    fs.writeFileSync(hostsPath, "192.0.2.1 host.example\n")
    expect(port.hosts()).toBe("192.0.2.1 host.example\n")
    fs.writeFileSync(hostsPath, "x".repeat(1024 * 1024 + 1))
    expect(port.hosts()).toBe("")
  })
})

it.each([
  [undefined, 2],
  ["", 2],
  ["4", 2],
  ["1", 1],
  ["128", 64],
  ["999999", 512]
])("of a pool of %s threads, %s may look names up", (size, expected) => {
  expect(NodeResolver.lookupsMaxOf(size)).toBe(expected)
})

it("the same answers come by the service", async () => {
  const { layer } = await import("../src/NodeBackend.ts")
  const program = Effect.provide(Resolver.lookup("localhost"), layer)
  const addresses = await Effect.runPromise(program)
  expect(addresses.map(({ host }) => host)).toEqual(["127.0.0.1", "::1"])
})
