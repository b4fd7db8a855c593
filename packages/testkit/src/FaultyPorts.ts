/**
 * The backend under test with one thing changed below core: how laws, and the tests of the laws
 * themselves, make a host fail in ways that no host does on request.
 */
import { Backend, BackendLayer, EventLoop } from "@portico/core"
import type {
  DatagramPort,
  ListenerPort,
  ListenRequest,
  PortFailure,
  StreamPort
} from "@portico/core/port"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import type * as Layer from "effect/Layer"
import type { BackendServices } from "./Law.ts"

export type PortChange = (ports: Backend.BackendPorts) => Backend.BackendPorts

export type Loop = Context.Service.Shape<typeof EventLoop.EventLoop>

/** How the loop of each core differs that a law builds or is given: for mutants of core itself. */
export const LoopChange: Context.Reference<(loop: Loop) => Loop> = Context.Reference(
  "@portico/testkit/LoopChange",
  { defaultValue: () => (loop: Loop) => loop }
)

/** Runs `effect` on the loop that `LoopChange` makes of the one there is. */
export const withLoopChange = <A, E, R>(
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E, R | EventLoop.EventLoop> =>
  Effect.flatMap(Effect.zip(EventLoop.EventLoop, LoopChange), ([loop, change]) =>
    Effect.provideService(effect, EventLoop.EventLoop, change(loop))
  )

/** Runs `effect` over the ports that `change` makes of the backend's own. */
export const withPorts = <A, E, R>(
  change: PortChange,
  effect: Effect.Effect<A, E, R>
): Effect.Effect<A, E, Exclude<R, BackendServices> | Backend.Backend> =>
  Effect.flatMap(Backend.Backend, (ports) =>
    Effect.provide(withLoopChange(effect), BackendLayer.fromPorts(Effect.succeed(change(ports))))
  )

/** One more instance of core over the same ports, for laws about its shutting down. */
export const anotherBackend: Layer.Layer<BackendLayer.Services, never, Backend.Backend> =
  BackendLayer.fromPorts(Effect.flatMap(Backend.Backend, Effect.succeed))

/** An object that behaves as `target` where `changes` says nothing else. */
export const overriding = <T extends object>(target: T, changes: Partial<T>): T => {
  const bound = new Map<PropertyKey, unknown>()
  return new Proxy(target, {
    get: (_, property) => {
      if (property in changes) return Reflect.get(changes, property, changes)
      if (bound.has(property)) return bound.get(property)
      const value = Reflect.get(target, property, target) as unknown
      if (typeof value !== "function") return value
      const method = (value as (...all: Array<unknown>) => unknown).bind(target)
      bound.set(property, method)
      return method
    }
  })
}

/** Every listener of the backend, changed. */
export const changingListeners = (change: (listener: ListenerPort) => ListenerPort): PortChange => {
  return (ports) => ({
    ...ports,
    tcp: overriding(ports.tcp, {
      listen: (request, events) =>
        ports.tcp.listen(request, {
          onListening: (listener) => events.onListening(change(listener)),
          onFailed: (failure) => events.onFailed(failure)
        })
    })
  })
}

/** Every stream of the backend, connected or accepted, changed. */
export const changingStreams = (change: (stream: StreamPort) => StreamPort): PortChange => {
  const accepting = changingListeners((listener) =>
    overriding(listener, {
      tryAccept: () => {
        const outcome = listener.tryAccept()
        return typeof outcome === "object" && "tryRead" in outcome ? change(outcome) : outcome
      }
    })
  )
  return (ports) => {
    const changed = accepting(ports)
    return {
      ...changed,
      tcp: overriding(changed.tcp, {
        connect: (request, events) =>
          ports.tcp.connect(request, {
            onConnected: (stream) => events.onConnected(change(stream)),
            onFailed: (failure) => events.onFailed(failure)
          })
      })
    }
  }
}

/** Every datagram socket of the backend, changed. */
export const changingDatagrams =
  (change: (socket: DatagramPort, ports: Backend.BackendPorts) => DatagramPort): PortChange =>
  (ports) => ({
    ...ports,
    udp: overriding(ports.udp, {
      bind: (request, events) =>
        ports.udp.bind(request, {
          onBound: (socket) => events.onBound(change(socket, ports)),
          onFailed: (failure) => events.onFailed(failure)
        })
    })
  })

/** The first `times` accepts of every listener fail. */
export const failingAccepts = (failure: PortFailure, times: number) =>
  changingListeners((listener) => {
    let left = times
    return overriding(listener, {
      tryAccept: () => {
        if (left === 0 || !listener.acceptable) return listener.tryAccept()
        left--
        return failure
      }
    })
  })

/** No connect is ever answered; `onCancel` is told when one is given up. */
export const silentConnects =
  (onCancel: () => void): PortChange =>
  (ports) => ({
    ...ports,
    tcp: overriding(ports.tcp, { connect: () => ({ cancel: onCancel }) })
  })

/** Listening fails where `applies` says so. */
export const failingListens =
  (failure: PortFailure, applies: (request: ListenRequest) => boolean): PortChange =>
  (ports) => ({
    ...ports,
    tcp: overriding(ports.tcp, {
      listen: (request, events) => {
        if (!applies(request)) return ports.tcp.listen(request, events)
        let cancelled = false
        ports.turn.later(() => {
          if (cancelled) return
          ports.turn.enter()
          events.onFailed(failure)
          ports.turn.leave()
        })
        return { cancel: () => void (cancelled = true) }
      }
    })
  })
