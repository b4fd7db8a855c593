/** Every option of `Udp.bind` out of its bound is refused by its name; at its bound it is not. */
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import type { BackendPorts } from "../../src/Backend.ts"
import type { Capability } from "../../src/Capabilities.ts"
import { checkBind, toRequest } from "../../src/internal/udp/UdpArguments.ts"
import type { BindOptions } from "../../src/UdpOptions.ts"
import { ScriptedPorts } from "../scripted/ScriptedPorts.ts"

const { ports } = new ScriptedPorts()

const without = (capability: Capability): BackendPorts => ({
  ...ports,
  capabilities: { ...ports.capabilities, [capability]: false }
})

const onBind = (options: BindOptions, on = ports): string => {
  const refusal = checkBind(on, options)
  return refusal === undefined ? "fine" : Effect.runSync(Effect.flip(refusal)).message
}

const literal = "an IPv4 or IPv6 literal"
const integer = (min: number, max: number) => `an integer from ${min} to ${max}`
const gibibyte = 1024 ** 3

describe("bind refuses", () => {
  const rows: ReadonlyArray<[BindOptions, argument: string, bound: string, value: string]> = [
    [{ host: "localhost", port: 0 }, "host", literal, "localhost"],
    [{ host: "example.com", port: 0 }, "host", literal, "example.com"],
    [{ host: "", port: 0 }, "host", literal, ""],
    [{ host: "127.0.0.1%lo", port: 0 }, "host", literal, "127.0.0.1%lo"],
    [{ host: "fe80::1%", port: 0 }, "host", literal, "fe80::1%"],
    [{ port: -1 }, "port", integer(0, 65_535), "-1"],
    [{ port: 65_536 }, "port", integer(0, 65_535), "65536"],
    [{ port: 0.5 }, "port", integer(0, 65_535), "0.5"],
    [{ port: 0, receiveQueueBytes: 1023 }, "receiveQueueBytes", integer(1024, gibibyte), "1023"],
    [
      { port: 0, receiveQueueBytes: gibibyte + 1 },
      "receiveQueueBytes",
      integer(1024, gibibyte),
      `${gibibyte + 1}`
    ],
    [{ port: 0, datagramBytesMax: 0 }, "datagramBytesMax", integer(1, 65_535), "0"],
    [{ port: 0, datagramBytesMax: 65_536 }, "datagramBytesMax", integer(1, 65_535), "65536"],
    [{ port: 0, kernelReceiveBytes: 255 }, "kernelReceiveBytes", integer(256, gibibyte), "255"],
    [{ port: 0, kernelSendBytes: 255 }, "kernelSendBytes", integer(256, gibibyte), "255"],
    [{ port: 0, overflow: "?" as never }, "overflow", "dropNewest or dropOldest", "?"],
    [{ port: 0, ipv6Only: true }, "ipv6Only", "given for an IPv6 host only", "true"]
  ]

  it.each(rows)("%j", (options, argument, bound, value) => {
    const message = `Udp.bind: InvalidArgument (${argument} must be ${bound}: ${value})`
    expect(onBind(options)).toBe(message)
  })

  it.each([
    [{ port: 0, reusePort: true }, "reusePort"],
    [{ host: "::", port: 0, ipv6Only: true }, "ipv6Only"],
    [{ port: 0, kernelReceiveBytes: 4096 }, "kernelBufferBytes"],
    [{ port: 0, kernelSendBytes: 4096 }, "kernelBufferBytes"]
  ] as const)("%j where it is missing", (options, capability) => {
    const message = `Udp.bind: Unsupported (${capability} on the scripted backend)`
    expect(onBind(options, without(capability))).toBe(message)
    expect(onBind(options)).toBe("fine")
  })
})

it.each<BindOptions>([
  { port: 0 },
  { port: 65_535, host: "::1" },
  { port: 0, host: "fe80::1%eth0" },
  { port: 0, receiveQueueBytes: 1024, datagramBytesMax: 1, overflow: "dropOldest" },
  { port: 0, receiveQueueBytes: gibibyte, datagramBytesMax: 65_535, overflow: "dropNewest" },
  { port: 0, kernelReceiveBytes: 256, kernelSendBytes: gibibyte, reuseAddress: true }
])("bind takes %j", (options) => {
  expect(onBind(options)).toBe("fine")
})

it("asks the port for what was left out as well", () => {
  expect(toRequest({ port: 7 })).toEqual({
    address: { _tag: "Inet", host: "127.0.0.1", port: 7 },
    reuseAddress: false,
    reusePort: false,
    ipv6Only: false,
    kernelReceiveBytes: undefined,
    kernelSendBytes: undefined
  })
  expect(toRequest({ host: "::ffff:10.0.0.1", port: 7 }).address.host).toBe("10.0.0.1")
})
