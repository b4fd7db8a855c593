import { describe, expect, it } from "vitest"
import { closeListener } from "../../src/kernel/Listener.ts"
import { inet, TestKernel, unix } from "./TestKernel.ts"

// As measured on Linux 6.18, with SO_REUSEADDR on every socket. `::*` is `::` with ipv6Only.
const kinds = ["127.0.0.1", "0.0.0.0", "::", "::*", "::1"] as const
const free: ReadonlyArray<readonly [string, string]> = [
  ["127.0.0.1", "::*"],
  ["127.0.0.1", "::1"],
  ["0.0.0.0", "::*"],
  ["0.0.0.0", "::1"],
  ["::*", "127.0.0.1"],
  ["::*", "0.0.0.0"],
  ["::1", "127.0.0.1"],
  ["::1", "0.0.0.0"]
]
const host = (kind: string) => kind.replace("*", "")
const ipv6Only = (kind: string) => kind.endsWith("*")
const cases = kinds.flatMap((first) => kinds.map((second) => [first, second] as const))

describe("two listeners on one port", () => {
  it.each(cases)("%s, then %s", (first, second) => {
    const kernel = new TestKernel()
    const [, port] = kernel.listenAnywhere(host(first), { ipv6Only: ipv6Only(first) })
    const outcome = kernel.tryListen(inet(host(second), port), { ipv6Only: ipv6Only(second) })
    const isFree = free.some(([one, other]) => one === first && other === second)
    expect(outcome === "addressInUse").toBe(!isFree)
  })

  it("share it when both ask to, and only then", () => {
    const kernel = new TestKernel()
    const [, port] = kernel.listenAnywhere("127.0.0.1", { reusePort: true })
    expect(kernel.tryListen(inet("127.0.0.1", port))).toBe("addressInUse")
    expect(kernel.tryListen(inet("127.0.0.1", port), { reusePort: true })).not.toBe("addressInUse")
  })

  it("may follow each other", () => {
    const kernel = new TestKernel()
    const [listener, port] = kernel.listenAnywhere("127.0.0.1")
    closeListener(kernel.host, listener)
    expect(kernel.listen(inet("127.0.0.1", port)).address).toEqual(inet("127.0.0.1", port))
  })
})

describe("where one can listen", () => {
  it.each([
    ["192.0.2.1", "addressNotAvailable"],
    ["2001:db8::1", "addressNotAvailable"],
    ["not an address", "invalidArgument"]
  ])("%s: %s", (address, errno) => {
    expect(new TestKernel().tryListen(inet(address, 0))).toBe(errno)
  })

  it.each(["127.0.0.1", "127.9.9.9", "::1", "0:0:0:0:0:0:0:1", "0.0.0.0", "::"])(
    "%s",
    (address) => {
      const [, port] = new TestKernel().listenAnywhere(address)
      expect(port).toBeGreaterThanOrEqual(32_768)
      expect(port).toBeLessThanOrEqual(60_999)
    }
  )

  it("the kernel's choice of port is free, and depends on the seed", () => {
    const kernel = new TestKernel()
    const ports = Array.from({ length: 100 }, () => kernel.listenAnywhere("127.0.0.1")[1])
    expect(new Set(ports).size).toBe(100)
    expect(new TestKernel({ seed: 2 }).listenAnywhere("127.0.0.1")[1]).not.toBe(ports[0])
  })
})

describe("Unix names", () => {
  const long = `/tmp/${"x".repeat(102)}`

  it.each([
    ["a path", "/tmp/a", undefined],
    ["a path of 107 bytes", long, undefined],
    ["a path of 108 bytes", `${long}x`, "nameTooLong"],
    ["108 bytes in fewer characters", `/tmp/${"é".repeat(52)}`, "nameTooLong"],
    ["an abstract name", "\0name", undefined],
    ["no name", "", "invalidArgument"],
    ["a folder that is not there", "/tmp/nowhere/a", "notFound"],
    ["a folder that was made", "/var/run/app/a", undefined]
  ])("%s", (_, path, errno) => {
    const kernel = new TestKernel()
    kernel.host.unix.createFolder("/var/run/app")
    const outcome = kernel.tryListen(unix(path))
    expect(typeof outcome === "string" ? outcome : outcome.address).toEqual(errno ?? unix(path))
  })

  it.each(["listener", "stale socket", "plain file"])("a path where a %s is", (what) => {
    const { host, ...kernel } = prepared(what)
    expect(kernel.tryListen(unix("/tmp/a"))).toBe("addressInUse")
    const refusals = {
      listener: "addressInUse",
      "stale socket": undefined,
      "plain file": "notASocket"
    }
    expect(host.unix.unlink("/tmp/a")).toBe(refusals[what as keyof typeof refusals])
    expect(host.unix.exists("/tmp/a")).toBe(what !== "stale socket")
  })

  it("a listener's file goes with it, unless it is another's by now", () => {
    const kernel = new TestKernel()
    const first = kernel.listen(unix("/tmp/a"))
    kernel.host.unix.remove("/tmp/a")
    kernel.listen(unix("/tmp/a"), { mode: 0o600 })
    closeListener(kernel.host, first)
    expect(kernel.host.unix.mode("/tmp/a")).toBe(0o600)
  })

  const prepared = (what: string) => {
    const kernel = new TestKernel()
    const { host } = kernel
    if (what === "listener") kernel.listen(unix("/tmp/a"))
    else if (what === "stale socket") host.unix.createStaleSocket("/tmp/a")
    else host.unix.createFile("/tmp/a")
    return { host, tryListen: kernel.tryListen.bind(kernel) }
  }
})
