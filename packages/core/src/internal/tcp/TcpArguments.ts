/**
 * The options of `Tcp.connect` and `Tcp.listen` against their bounds and the backend's
 * capabilities.
 */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import * as Host from "effect/net/Host"
import * as Result from "effect/Result"
import * as Address from "../../Address.ts"
import type { BackendPorts } from "../../Backend.ts"
import type { Capability } from "../../Capabilities.ts"
import type { IoError } from "../../IoError.ts"
import type { PortAddress } from "../../port/PortAddress.ts"
import type { ConnectOptions, ListenOptions, ServeOptions } from "../../TcpOptions.ts"
import * as Check from "../Check.ts"
import { interruptGrace } from "../DurationBounds.ts"

export const defaults = {
  host: "127.0.0.1",
  closeGrace: "1 second",
  acceptQueueMax: 1024,
  attemptDelay: "250 millis",
  resolutionDelay: "50 millis",
  drainDeadline: "5 seconds",
  interruptGrace
} as const

const dayMillis = 24 * 60 * 60 * 1000
const graceMillisMax = 10 * 60 * 1000
type Refusal = Effect.Effect<never, IoError> | undefined

/** The addresses that checked options stand for. */
export const resolve = (input: Address.Input): ReadonlyArray<PortAddress> =>
  Address.isUnixInput(input)
    ? [{ _tag: "Unix", path: input.path }]
    : Address.literals(input.host ?? defaults.host, input.port)!

const checkPath = (operation: string, ports: BackendPorts, path: string): Refusal => {
  const bytesMax = ports.tcp.unixPathBytesMax
  const bytes = utf8Length(path)
  const isAbstract = path.startsWith("\0")
  if (typeof path !== "string" || bytes === 0 || path === "\0" || bytes > bytesMax) {
    const bound = `a path or NUL and a name, of 1 to ${bytesMax} bytes in UTF-8`
    return Check.invalid(operation, "path", bound, bytes > bytesMax ? `${bytes} bytes` : path)
  }
  if (path.indexOf("\0", 1) !== -1) {
    return Check.invalid(operation, "path", "without NUL characters", JSON.stringify(path))
  }
  return isAbstract ? need(operation, ports, "abstractNames") : undefined
}

const utf8Length = (text: string): number => {
  let bytes = 0
  for (const character of text) {
    const point = character.codePointAt(0)!
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4
  }
  return bytes
}

const checkHost = (operation: string, argument: string, host: string | undefined): Refusal =>
  Address.literals(host ?? defaults.host, 0) === undefined
    ? Check.invalid(operation, argument, "an IPv4 or IPv6 literal, or localhost", host)
    : undefined

/** The name that is to be looked up, if the input is one. */
export const nameOf = (input: Address.Input): string | undefined => {
  if (Address.isUnixInput(input)) return undefined
  const { host = defaults.host } = input
  return Address.literals(host, 0) === undefined ? host : undefined
}

// A name is what a resolver can be asked for, so nothing that looks like an address.
const checkRemoteHost = (operation: string, host: string | undefined): Refusal =>
  checkHost(operation, "host", host) === undefined ||
  (typeof host === "string" && Result.isSuccess(Host.domainNameFromString(host)))
    ? undefined
    : Check.invalid(operation, "host", "an IPv4 or IPv6 literal, or a host name", host)

const checkInput = (
  operation: string,
  ports: BackendPorts,
  input: Address.Input,
  portMin: number
): Refusal =>
  Address.isUnixInput(input)
    ? checkPath(operation, ports, input.path)
    : ((portMin === 0
        ? checkHost(operation, "host", input.host)
        : checkRemoteHost(operation, input.host)) ??
      Check.integer(operation, "port", input.port, portMin, 65_535))

const checkFamily = (
  operation: string,
  remote: Address.Input,
  local: Address.InetInput
): Refusal => {
  // A name is connected to in the family of the local address.
  if (nameOf(remote) !== undefined) return undefined
  const [to] = resolve(remote)
  const from = local.host ?? defaults.host
  const isV6 = (host: string) => host.includes(":")
  return to?._tag === "Inet" && isV6(to.host) !== isV6(from)
    ? Check.invalid(operation, "local.host", `of the family of ${to.host}`, from)
    : undefined
}

const need = (operation: string, ports: BackendPorts, capability: Capability): Refusal =>
  ports.capabilities[capability] ? undefined : Check.unsupported(operation, capability, ports.name)

const onlyFor = (
  operation: string,
  argument: string,
  kind: string,
  isThatKind: boolean,
  value: unknown
): Refusal =>
  isThatKind ? undefined : Check.invalid(operation, argument, `given ${kind} only`, value)

const delayMillisMax = 10_000

const checkDelay = (
  argument: string,
  delay: Duration.Input | undefined,
  minMillis: number
): Refusal =>
  delay === undefined
    ? undefined
    : Check.duration("Tcp.connect", argument, delay, delayMillisMax, minMillis)

export const checkConnect = (ports: BackendPorts, options: ConnectOptions): Refusal => {
  const operation = "Tcp.connect"
  const { attemptDelay, closeGrace, local, resolutionDelay, timeout } = options
  return (
    checkInput(operation, ports, options, 1) ??
    checkDelay("attemptDelay", attemptDelay, 10) ??
    checkDelay("resolutionDelay", resolutionDelay, 0) ??
    (timeout === undefined
      ? undefined
      : Check.duration(operation, "timeout", timeout, dayMillis)) ??
    (closeGrace === undefined
      ? undefined
      : Check.duration(operation, "closeGrace", closeGrace, graceMillisMax)) ??
    (local === undefined
      ? undefined
      : (onlyFor(operation, "local", "for TCP", !Address.isUnixInput(options), local) ??
        checkHost(operation, "local.host", local.host) ??
        Check.integer(operation, "local.port", local.port, 0, 65_535) ??
        checkFamily(operation, options, local) ??
        need(operation, ports, "localBind")))
  )
}

export const checkListen = (ports: BackendPorts, options: ListenOptions): Refusal => {
  const operation = "Tcp.listen"
  const isUnix = Address.isUnixInput(options)
  const { acceptQueueMax, backlog, closeGrace, ipv6Only, mode, reusePort, unlinkStale } = options
  return (
    checkInput(operation, ports, options, 0) ??
    (closeGrace === undefined
      ? undefined
      : Check.duration(operation, "closeGrace", closeGrace, graceMillisMax)) ??
    (acceptQueueMax === undefined
      ? undefined
      : Check.integer(operation, "acceptQueueMax", acceptQueueMax, 1, 65_535)) ??
    (backlog === undefined
      ? undefined
      : (Check.integer(operation, "backlog", backlog, 1, 65_535) ??
        need(operation, ports, "listenBacklog"))) ??
    (reusePort !== true
      ? undefined
      : (onlyFor(operation, "reusePort", "for TCP", !isUnix, reusePort) ??
        need(operation, ports, "reusePort"))) ??
    (ipv6Only !== true
      ? undefined
      : (onlyFor(operation, "ipv6Only", "for TCP", !isUnix, ipv6Only) ??
        need(operation, ports, "ipv6Only"))) ??
    (unlinkStale !== true
      ? undefined
      : onlyFor(operation, "unlinkStale", "for a Unix path", isUnix, unlinkStale)) ??
    (mode === undefined
      ? undefined
      : (onlyFor(operation, "mode", "for a Unix path", isUnix, mode) ??
        Check.integer(operation, "mode", mode, 0, 0o777) ??
        need(operation, ports, "unixMode")))
  )
}

export const checkServe = (ports: BackendPorts, options: ServeOptions): Refusal => {
  const operation = "Tcp.serve"
  const { connectionsMax, drainDeadline } = options
  return (
    Check.integer(operation, "connectionsMax", connectionsMax, 1, 1_000_000) ??
    (drainDeadline === undefined
      ? undefined
      : Check.duration(operation, "drainDeadline", drainDeadline, dayMillis)) ??
    checkListen(ports, options)
  )
}
