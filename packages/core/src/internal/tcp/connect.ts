/**
 * `Tcp.connect`: check the arguments, try each literal in turn or race a name's addresses, hand out
 * a handle.
 */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Address from "../../Address.ts"
import { IoError } from "../../IoError.ts"
import type { InetPortAddress, PortAddress } from "../../port/PortAddress.ts"
import type { PortFailure } from "../../port/PortFailure.ts"
import type { StreamPort } from "../../port/StreamPort.ts"
import type { Attempt } from "../../port/TcpPort.ts"
import { Reason } from "../../Reason.ts"
import type { ConnectOptions } from "../../TcpOptions.ts"
import type { TcpStream } from "../../TcpStream.ts"
import { attempt } from "../attempt.ts"
import * as Check from "../Check.ts"
import { connectByName } from "./connectByName.ts"
import type { HandleTable } from "../HandleTable.ts"
import { scoped } from "../scoped.ts"
import { Site } from "../../Site.ts"
import { StreamHandle, type StreamSettings } from "../stream/StreamHandle.ts"
import { checkConnect, defaults, nameOf, resolve } from "./TcpArguments.ts"

const operation = "Tcp.connect"

type Adopt = (port: StreamPort, address: PortAddress) => StreamHandle

export const connect = (
  table: HandleTable,
  options: ConnectOptions,
  site: Site = new Site()
): Effect.Effect<TcpStream, IoError, Scope.Scope> =>
  Effect.suspend(() => {
    const refusal = checkConnect(table.ports, options)
    if (refusal !== undefined) return refusal
    const kind = Address.isUnixInput(options) ? "UnixStream" : "TcpStream"
    const settings: StreamSettings = {
      kind,
      site,
      closeGrace: options.closeGrace ?? defaults.closeGrace
    }
    // A value may be dropped on its way through a race: what was adopted is remembered here.
    let adopted: StreamHandle | undefined
    const adopt = (port: StreamPort, address: PortAddress): StreamHandle =>
      (adopted = new StreamHandle(table, port, settings, address))
    const name = nameOf(options)
    const attempts =
      name === undefined
        ? inTurn(table, options, resolve(options), adopt)
        : byName(table, options, name, adopt)
    const orElse = () => Effect.fail(timedOut(options))
    const timed =
      options.timeout === undefined
        ? attempts
        : Effect.timeoutOrElse(attempts, { duration: options.timeout, orElse })
    return scoped(
      (restore) => Effect.onError(restore(timed), () => adopted?.close ?? Effect.void),
      (stream) => stream.close
    )
  })

const timedOut = (options: ConnectOptions): IoError =>
  new IoError({ operation, reason: Reason.TimedOut(), address: Address.formatInput(options) })

const byName = (
  table: HandleTable,
  options: ConnectOptions,
  name: string,
  adopt: Adopt
): Effect.Effect<StreamHandle, IoError> => {
  const resolver = options.resolver ?? table.resolver
  if (resolver === undefined || Address.isUnixInput(options)) {
    return Check.unsupported(operation, "resolver", table.ports.name)
  }
  const { port } = options
  return connectByName(
    { table, resolver, options, name, port, connect: open(table, options) },
    { adopt, discard: (stream) => stream.close }
  )
}

// `localhost` stands for two addresses: the second is tried when the first fails.
const inTurn = (
  table: HandleTable,
  options: ConnectOptions,
  addresses: ReadonlyArray<PortAddress>,
  adopt: Adopt
): Effect.Effect<StreamHandle, IoError> => {
  const [first, ...others] = addresses
  const trying = attemptOne(table, options, first!, adopt)
  return others.length === 0
    ? trying
    : Effect.catch(trying, () => inTurn(table, options, others, adopt))
}

const attemptOne = (
  table: HandleTable,
  options: ConnectOptions,
  address: PortAddress,
  adopt: Adopt
): Effect.Effect<StreamHandle, IoError> =>
  attempt(table, {
    operation,
    address,
    start: (onConnected: (port: StreamPort) => void, onFailed) =>
      open(table, options)(address, onConnected, onFailed),
    adopt: (port) => adopt(port, address),
    discard: (stream) => stream.close
  })

const open =
  (table: HandleTable, options: ConnectOptions) =>
  (
    address: PortAddress,
    onConnected: (port: StreamPort) => void,
    onFailed: (failure: PortFailure) => void
  ): Attempt =>
    table.ports.tcp.connect(
      { address, local: localAddress(options), noDelay: options.noDelay ?? true },
      { onConnected, onFailed }
    )

const localAddress = (options: ConnectOptions): InetPortAddress | undefined =>
  options.local === undefined
    ? undefined
    : { _tag: "Inet", host: options.local.host ?? "127.0.0.1", port: options.local.port }
