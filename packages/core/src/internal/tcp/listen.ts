/** `Tcp.listen`: check the arguments, open one port per literal, hand out a handle. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import * as Address from "../../Address.ts"
import { IoError } from "../../IoError.ts"
import type { ListenerPort } from "../../port/ListenerPort.ts"
import type { PortAddress } from "../../port/PortAddress.ts"
import { PortFailure } from "../../port/PortFailure.ts"
import type { StreamPort } from "../../port/StreamPort.ts"
import type { ListenOptions } from "../../TcpOptions.ts"
import { attempt } from "../attempt.ts"
import type { HandleTable } from "../HandleTable.ts"
import { ListenerHandle } from "./ListenerHandle.ts"
import { scoped } from "../scoped.ts"
import { Site } from "../../Site.ts"
import type { StreamSettings } from "../stream/StreamHandle.ts"
import { checkListen, defaults, resolve } from "./TcpArguments.ts"

const operation = "Tcp.listen"

export const listen = (
  table: HandleTable,
  options: ListenOptions,
  site: Site = new Site()
): Effect.Effect<ListenerHandle, IoError, Scope.Scope> =>
  Effect.suspend(() => {
    const refusal = checkListen(table.ports, options)
    if (refusal !== undefined) return refusal
    const settings: StreamSettings = {
      kind: Address.isUnixInput(options) ? "UnixStream" : "TcpStream",
      site,
      closeGrace: options.closeGrace ?? defaults.closeGrace
    }
    const opened: Array<ListenerPort> = []
    const opening = openAll(table, options, resolve(options), opened)
    return scoped(
      (restore) =>
        Effect.onError(restore(opening), () => Effect.sync(() => discardAll(opened))).pipe(
          Effect.map(() => new ListenerHandle(table, opened, settings))
        ),
      (listener) => listener.close
    )
  })

// How often `localhost` with port 0 may find its IPv4 port taken on IPv6, and draw again.
const drawsMax = 16

// A port is in `opened` from the callback that delivered it, so that whatever ends this finds it.
const openAll = (
  table: HandleTable,
  options: ListenOptions,
  addresses: ReadonlyArray<PortAddress>,
  opened: Array<ListenerPort>,
  draw = 1
): Effect.Effect<void, IoError> =>
  Effect.gen(() => openEach(table, options, addresses, opened, draw))

// No closure: see `LoopService`.
function* openEach(
  table: HandleTable,
  options: ListenOptions,
  addresses: ReadonlyArray<PortAddress>,
  opened: Array<ListenerPort>,
  draw: number
): Generator<Effect.Effect<unknown, IoError>, void, never> {
  for (const address of addresses) {
    const port = opened[0]?.localAddress
    const next =
      address._tag === "Inet" && port?._tag === "Inet" ? { ...address, port: port.port } : address
    const result = yield* Effect.result(openOne(table, options, next, opened))
    if (result._tag === "Success") continue
    const error = result.failure
    // A host without IPv6 still listens on IPv4 loopback.
    if (opened.length > 0 && error.reason._tag === "AddressNotAvailable") continue
    const isDrawn = address._tag === "Inet" && address.port === 0 && opened.length > 0
    if (isDrawn && error.reason._tag === "AddressInUse" && draw < drawsMax) {
      discardAll(opened)
      return yield* openAll(table, options, addresses, opened, draw + 1)
    }
    return yield* error
  }
}

const openOne = (
  table: HandleTable,
  options: ListenOptions,
  address: PortAddress,
  opened: Array<ListenerPort>
): Effect.Effect<void, IoError> => {
  const trying = attemptOne(table, options, address, opened)
  if (address._tag !== "Unix" || options.unlinkStale !== true) return trying
  return Effect.catch(trying, (error) =>
    error.reason._tag === "AddressInUse"
      ? Effect.andThen(removeStale(table, address, error), trying)
      : Effect.fail(error)
  )
}

const attemptOne = (
  table: HandleTable,
  options: ListenOptions,
  address: PortAddress,
  opened: Array<ListenerPort>
): Effect.Effect<void, IoError> =>
  attempt(table, {
    operation,
    address,
    start: (onListening: (port: ListenerPort) => void, onFailed) =>
      table.ports.tcp.listen(
        {
          address,
          backlog: options.backlog,
          acceptQueueMax: options.acceptQueueMax ?? defaults.acceptQueueMax,
          reusePort: options.reusePort ?? false,
          ipv6Only: options.ipv6Only ?? (address._tag === "Inet" && address.host === "::1"),
          noDelay: options.noDelay ?? true,
          mode: options.mode
        },
        { onListening, onFailed }
      ),
    adopt: (port) => void opened.push(port),
    discard: () => Effect.void
  })

const ignore = () => {}
const discardAll = (opened: Array<ListenerPort>): void => {
  for (const port of opened.splice(0)) {
    port.attach({ onAcceptable: ignore, onClosed: ignore })
    port.close()
  }
}

// Only connecting tells a stale file from a live one: a listener answers, a leftover refuses.
const removeStale = (
  table: HandleTable,
  address: PortAddress & { readonly _tag: "Unix" },
  inUse: IoError
): Effect.Effect<void, IoError> =>
  Effect.matchEffect(probe(table, address), {
    onSuccess: () => Effect.fail(inUse),
    onFailure: (error) => {
      if (error.reason._tag !== "ConnectionRefused") return Effect.fail(inUse)
      const outcome = table.ports.tcp.unlink(address.path)
      if (!(outcome instanceof PortFailure)) return Effect.void
      const { cause, reason } = outcome
      const at = Address.formatInput(address)
      return Effect.fail(new IoError({ operation, reason, address: at, cause }))
    }
  })

const probe = (table: HandleTable, address: PortAddress): Effect.Effect<void, IoError> =>
  attempt(table, {
    operation,
    address,
    start: (onConnected: (port: StreamPort) => void, onFailed) =>
      table.ports.tcp.connect(
        { address, local: undefined, noDelay: false },
        { onConnected, onFailed }
      ),
    adopt: (port) => {
      port.attach({ onReadable: ignore, onWritable: ignore, onClosed: ignore })
      port.close()
    },
    discard: () => Effect.void
  })
