/** Every argument out of its bound is refused by its name, and what is at its bound is not. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type { BackendPorts } from "../../src/Backend.ts"
import type { Capability } from "../../src/Capabilities.ts"
import * as Check from "../../src/internal/Check.ts"
import { StreamHandle } from "../../src/internal/stream/StreamHandle.ts"
import { checkConnect, checkListen, checkServe } from "../../src/internal/tcp/TcpArguments.ts"
import type { IoError } from "../../src/IoError.ts"
import type { ConnectOptions, ListenOptions, ServeOptions } from "../../src/TcpOptions.ts"
import { ScriptedPorts } from "../scripted/ScriptedPorts.ts"

const scripted = new ScriptedPorts()

const without = (capability: Capability): BackendPorts => ({
  ...scripted.ports,
  capabilities: { ...scripted.ports.capabilities, [capability]: false }
})

const refused = (refusal: Effect.Effect<never, IoError> | undefined): string =>
  refusal === undefined ? "fine" : Effect.runSync(Effect.flip(refusal)).message

const onConnect = (options: ConnectOptions, ports = scripted.ports) =>
  refused(checkConnect(ports, options))
const onListen = (options: ListenOptions, ports = scripted.ports) =>
  refused(checkListen(ports, options))
const onServe = (options: ServeOptions, ports = scripted.ports) =>
  refused(checkServe(ports, options))

const invalid = (operation: string, argument: string, bound: string, value: string): string =>
  `${operation}: InvalidArgument (${argument} must be ${bound}: ${value})`

const local = { host: "127.0.0.1", port: 0 }
const hostBound = "an IPv4 or IPv6 literal, or localhost"
const remoteBound = "an IPv4 or IPv6 literal, or a host name"
const delayBound = (min: number) => `a duration from ${min} to 10000 ms`
const pathBound = "a path or NUL and a name, of 1 to 107 bytes in UTF-8"
const graceBound = "a duration from 0 to 600000 ms"
const dayBound = "a duration from 0 to 86400000 ms"
const portBound = (min: number) => `an integer from ${min} to 65535`

describe("connect refuses", () => {
  const rows: ReadonlyArray<[ConnectOptions, argument: string, bound: string, value: string]> = [
    [{ port: 0 }, "port", portBound(1), "0"],
    [{ port: 65_536 }, "port", portBound(1), "65536"],
    [{ port: -1 }, "port", portBound(1), "-1"],
    [{ port: 1.5 }, "port", portBound(1), "1.5"],
    [{ port: Number.NaN }, "port", portBound(1), "NaN"],
    [{ host: "a..b", port: 1 }, "host", remoteBound, "a..b"],
    [{ host: "1.2.3", port: 1 }, "host", remoteBound, "1.2.3"],
    [{ host: "", port: 1 }, "host", remoteBound, ""],
    [{ port: 1, attemptDelay: 9 }, "attemptDelay", delayBound(10), "9"],
    [{ port: 1, attemptDelay: 10_001 }, "attemptDelay", delayBound(10), "10001"],
    [{ port: 1, resolutionDelay: -1 }, "resolutionDelay", delayBound(0), "-1"],
    [{ port: 1, resolutionDelay: Number.NaN }, "resolutionDelay", delayBound(0), "NaN"],
    [{ path: "" }, "path", pathBound, ""],
    [{ path: "\0" }, "path", pathBound, "\0"],
    [{ path: "x".repeat(108) }, "path", pathBound, "108 bytes"],
    [{ path: "é".repeat(54) }, "path", pathBound, "108 bytes"],
    [{ path: "€".repeat(36) }, "path", pathBound, "108 bytes"],
    [{ path: "😀".repeat(27) }, "path", pathBound, "108 bytes"],
    [{ path: "/a\0b" }, "path", "without NUL characters", String.raw`"/a\u0000b"`],
    [{ port: 1, closeGrace: 600_001 }, "closeGrace", graceBound, "600001"],
    [{ port: 1, closeGrace: Duration.infinity }, "closeGrace", graceBound, "Infinity"],
    [{ port: 1, timeout: "25 hours" }, "timeout", dayBound, "25 hours"],
    [{ port: 1, timeout: Duration.hours(25) }, "timeout", dayBound, "90000000"],
    [{ port: 1, timeout: Number.NaN }, "timeout", dayBound, "NaN"],
    [{ port: 1, timeout: -1 }, "timeout", dayBound, "-1"],
    [{ port: 1, timeout: "soon" as never }, "timeout", dayBound, "soon"],
    [{ port: 1, local: { port: -1 } }, "local.port", portBound(0), "-1"],
    [{ port: 1, local: { port: 65_536 } }, "local.port", portBound(0), "65536"],
    [{ port: 1, local: { host: "lo", port: 0 } }, "local.host", hostBound, "lo"],
    [
      { port: 1, local: { host: "::1", port: 0 } },
      "local.host",
      "of the family of 127.0.0.1",
      "::1"
    ],
    [{ host: "::1", port: 1, local }, "local.host", "of the family of ::1", "127.0.0.1"]
  ]

  it.each(rows)("%o", (options, argument, bound, value) => {
    expect(onConnect(options)).toBe(invalid("Tcp.connect", argument, bound, value))
  })

  it("a local address for a Unix path, and what the backend lacks", () => {
    expect(onConnect({ path: "/a", local })).toMatch(
      /^Tcp\.connect: InvalidArgument \(local must be given for TCP only/
    )
    expect(onConnect({ port: 1, local }, without("localBind"))).toBe(
      "Tcp.connect: Unsupported (localBind on the scripted backend)"
    )
    expect(onConnect({ path: "\0a" }, without("abstractNames"))).toBe(
      "Tcp.connect: Unsupported (abstractNames on the scripted backend)"
    )
  })
})

describe("connect takes what is at its bound", () => {
  const rows: ReadonlyArray<[ConnectOptions]> = [
    [{ port: 1 }],
    [{ port: 65_535 }],
    [{ path: "x".repeat(107) }],
    [{ path: `é${"x".repeat(105)}` }],
    [{ path: `\0${"x".repeat(106)}` }],
    [{ port: 1, closeGrace: 0, timeout: 0 }],
    [{ port: 1, closeGrace: "10 minutes", timeout: "24 hours" }],
    [{ port: 1, local: { port: 65_535 } }],
    [{ host: "example.com", port: 1, local, attemptDelay: 10, resolutionDelay: 0 }],
    [{ host: "bücher.example.", port: 1, attemptDelay: "10 seconds" }],
    [{ host: "::1", port: 1, local: { host: "::1", port: 0 } }]
  ]
  it.each(rows)("%o", (options) => {
    expect(onConnect(options)).toBe("fine")
  })
})

describe("listen refuses", () => {
  const rows: ReadonlyArray<[ListenOptions, argument: string, bound: string, value: string]> = [
    [{ port: -1 }, "port", portBound(0), "-1"],
    [{ port: 65_536 }, "port", portBound(0), "65536"],
    [{ port: 0, closeGrace: "11 minutes" }, "closeGrace", graceBound, "11 minutes"],
    [{ port: 0, acceptQueueMax: 0 }, "acceptQueueMax", portBound(1), "0"],
    [{ port: 0, acceptQueueMax: 65_536 }, "acceptQueueMax", portBound(1), "65536"],
    [{ port: 0, backlog: 0 }, "backlog", portBound(1), "0"],
    [{ port: 0, backlog: 65_536 }, "backlog", portBound(1), "65536"],
    [{ path: "/a", reusePort: true }, "reusePort", "given for TCP only", "true"],
    [{ path: "/a", ipv6Only: true }, "ipv6Only", "given for TCP only", "true"],
    [{ port: 0, unlinkStale: true }, "unlinkStale", "given for a Unix path only", "true"],
    [{ port: 0, mode: 0o600 }, "mode", "given for a Unix path only", "384"],
    [{ path: "/a", mode: -1 }, "mode", "an integer from 0 to 511", "-1"],
    [{ path: "/a", mode: 0o1000 }, "mode", "an integer from 0 to 511", "512"]
  ]
  it.each(rows)("%o", (options, argument, bound, value) => {
    expect(onListen(options)).toBe(invalid("Tcp.listen", argument, bound, value))
  })

  const lacking: ReadonlyArray<[Capability, ListenOptions]> = [
    ["listenBacklog", { port: 0, backlog: 1 }],
    ["reusePort", { port: 0, reusePort: true }],
    ["ipv6Only", { host: "::", port: 0, ipv6Only: true }],
    ["unixMode", { path: "/a", mode: 0 }],
    ["abstractNames", { path: "\0a" }]
  ]
  it.each(lacking)(
    "%s where the backend lacks it, and only when it is asked for",
    (name, options) => {
      expect(onListen(options, without(name))).toBe(
        `Tcp.listen: Unsupported (${name} on the scripted backend)`
      )
      expect(onListen(options)).toBe("fine")
      const unasked = { port: 0, reusePort: false, ipv6Only: false, unlinkStale: false }
      expect(onListen(unasked, without(name))).toBe("fine")
    }
  )
})

describe("listen takes what is at its bound", () => {
  const rows: ReadonlyArray<[ListenOptions]> = [
    [{ port: 0 }],
    [{ port: 65_535, acceptQueueMax: 1, backlog: 1 }],
    [{ host: "localhost", port: 0, acceptQueueMax: 65_535, backlog: 65_535 }],
    [{ path: "/a", mode: 0, unlinkStale: true }],
    [{ path: "/a", mode: 0o777 }]
  ]
  it.each(rows)("%o", (options) => {
    expect(onListen(options)).toBe("fine")
  })
})

describe("serve", () => {
  it.each([0, -1, 1.5, 1_000_001])("refuses connectionsMax %d", (connectionsMax) => {
    const bound = "an integer from 1 to 1000000"
    expect(onServe({ port: 0, connectionsMax })).toBe(
      invalid("Tcp.serve", "connectionsMax", bound, `${connectionsMax}`)
    )
  })

  it("refuses a drain of over a day, and what listen refuses", () => {
    const options = { port: 0, connectionsMax: 1 }
    expect(onServe({ ...options, drainDeadline: "25 hours" })).toBe(
      invalid("Tcp.serve", "drainDeadline", dayBound, "25 hours")
    )
    expect(onServe({ ...options, port: -1 })).toBe(
      invalid("Tcp.listen", "port", portBound(0), "-1")
    )
    expect(onServe({ ...options, connectionsMax: 1_000_000, drainDeadline: "1 day" })).toBe("fine")
  })
})

describe("a stream refuses", () => {
  const settings = { kind: "TcpStream", site: undefined, closeGrace: 0 } as const
  const stream = new StreamHandle(scripted.table, scripted.stream(), settings)
  const framed = Check.framedBytesMax
  const rows: ReadonlyArray<[Effect.Effect<unknown, IoError>, argument: string, value: string]> = [
    [stream.readUpTo(0), "bytesMax", "0"],
    [stream.readUpTo(Number.POSITIVE_INFINITY), "bytesMax", "Infinity"],
    [stream.readInto(new Uint8Array(0)), "target", "0"],
    [stream.readExactly(0), "bytes", "0"],
    [stream.readExactly(framed + 1), "bytes", `${framed + 1}`],
    [stream.readUntil(new Uint8Array(0)), "delimiter", "0"],
    [stream.readUntil(new Uint8Array(1), { bytesMax: 0 }), "bytesMax", "0"],
    [stream.readUntil(new Uint8Array(1), { bytesMax: framed + 1 }), "bytesMax", `${framed + 1}`],
    [stream.setKeepAlive({ idle: 0 }), "idle", "0"],
    [stream.setKeepAlive({ idle: 1500 }), "idle", "1.5"],
    [stream.setKeepAlive({ idle: "32768 seconds" }), "idle", "32768"]
  ]
  it.each(rows.map((row, index) => [`${row[1]} ${row[2]} (${index})`, row] as const))(
    "%s",
    (_, [effect, argument, value]) => {
      const { reason } = Effect.runSync(Effect.flip(effect))
      expect(reason).toMatchObject({ _tag: "InvalidArgument", argument, value })
    }
  )
})
