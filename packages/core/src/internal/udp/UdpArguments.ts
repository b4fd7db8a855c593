/** The options of `Udp.bind` against their bounds and the backend's capabilities. */
import type * as Effect from "effect/Effect"
import type { BackendPorts } from "../../Backend.ts"
import type { Capability } from "../../Capabilities.ts"
import type { IoError } from "../../IoError.ts"
import type { BindRequest } from "../../port/UdpPort.ts"
import type { BindOptions } from "../../UdpOptions.ts"
import * as Check from "../Check.ts"
import * as IpLiteral from "../IpLiteral.ts"

export const defaults = {
  host: "127.0.0.1",
  receiveQueueBytes: 1024 * 1024,
  overflow: "dropNewest",
  datagramBytesMax: 65_535
} as const

/** Datagrams in one batch. */
export const batchMax = 1_024

const gibibyte = 1024 * 1024 * 1024
const operation = "Udp.bind"

type Refusal = Effect.Effect<never, IoError> | undefined

const need = (ports: BackendPorts, isWanted: boolean, capability: Capability): Refusal =>
  !isWanted || ports.capabilities[capability]
    ? undefined
    : Check.unsupported(operation, capability, ports.name)

const within = (argument: string, value: number | undefined, min: number, max: number): Refusal =>
  value === undefined ? undefined : Check.integer(operation, argument, value, min, max)

export const checkBind = (ports: BackendPorts, options: BindOptions): Refusal => {
  const { host = defaults.host, ipv6Only, kernelReceiveBytes, kernelSendBytes, overflow } = options
  const literal = typeof host === "string" ? IpLiteral.parse(host) : undefined
  const isSized = kernelReceiveBytes !== undefined || kernelSendBytes !== undefined
  if (literal === undefined) {
    return Check.invalid(operation, "host", "an IPv4 or IPv6 literal", host)
  }
  if (overflow !== undefined && overflow !== "dropNewest" && overflow !== "dropOldest") {
    return Check.invalid(operation, "overflow", "dropNewest or dropOldest", overflow)
  }
  if (ipv6Only === true && literal.family === 4) {
    return Check.invalid(operation, "ipv6Only", "given for an IPv6 host only", ipv6Only)
  }
  return (
    Check.integer(operation, "port", options.port, 0, 65_535) ??
    within("receiveQueueBytes", options.receiveQueueBytes, 1024, gibibyte) ??
    within("datagramBytesMax", options.datagramBytesMax, 1, 65_535) ??
    within("kernelReceiveBytes", kernelReceiveBytes, 256, gibibyte) ??
    within("kernelSendBytes", kernelSendBytes, 256, gibibyte) ??
    need(ports, options.reusePort === true, "reusePort") ??
    need(ports, ipv6Only === true, "ipv6Only") ??
    need(ports, isSized, "kernelBufferBytes")
  )
}

/** What checked options ask of the port. */
export const toRequest = (options: BindOptions): BindRequest => ({
  address: {
    _tag: "Inet",
    host: IpLiteral.parse(options.host ?? defaults.host)!.host,
    port: options.port
  },
  reuseAddress: options.reuseAddress ?? false,
  reusePort: options.reusePort ?? false,
  ipv6Only: options.ipv6Only ?? false,
  kernelReceiveBytes: options.kernelReceiveBytes,
  kernelSendBytes: options.kernelSendBytes
})
