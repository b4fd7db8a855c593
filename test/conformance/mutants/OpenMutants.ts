/** Backends that connect, listen or accept in a wrong way. */
import { Reason } from "@portico/core"
import { type ConnectRequest, type ListenRequest, PortFailure } from "@portico/core/port"
import { FaultyPorts } from "@portico/testkit"
import { type Mutant, overriding, streamMutant } from "./Mutant.ts"

const connecting = (
  change: (request: ConnectRequest) => ConnectRequest
): FaultyPorts.PortChange => {
  return (ports) => ({
    ...ports,
    tcp: overriding(ports.tcp, {
      connect: (request, events) => ports.tcp.connect(change(request), events)
    })
  })
}

const listening = (change: (request: ListenRequest) => ListenRequest): FaultyPorts.PortChange => {
  return (ports) => ({
    ...ports,
    tcp: overriding(ports.tcp, {
      listen: (request, events) => ports.tcp.listen(change(request), events)
    })
  })
}

export const openMutants: ReadonlyArray<Mutant> = [
  {
    name: "ignores the local address of a connect",
    caughtBy: "CONN-06",
    change: connecting((request) => ({ ...request, local: undefined }))
  },
  {
    name: "ignores that a listener is for IPv6 only",
    caughtBy: "ACC-16",
    change: listening((request) => ({ ...request, ipv6Only: false }))
  },
  {
    name: "ignores the mode of a socket file",
    caughtBy: "UNIX-07",
    change: listening((request) => ({ ...request, mode: 0o755 }))
  },
  {
    name: "shares a port that nobody wanted to share",
    caughtBy: "ACC-02",
    change: listening((request) => ({ ...request, reusePort: true }))
  },
  {
    name: "does not know its own codes",
    caughtBy: "CONN-01",
    change: (ports) => ({
      ...ports,
      tcp: overriding(ports.tcp, {
        connect: (request, events) =>
          ports.tcp.connect(request, {
            onConnected: (stream) => events.onConnected(stream),
            onFailed: ({ cause }) =>
              events.onFailed(new PortFailure(Reason.Reason.Unknown({ code: "?" }), cause))
          })
      })
    })
  },
  {
    name: "goes on connecting after it was told not to",
    caughtBy: "CONN-02",
    change: (ports) => ({
      ...ports,
      tcp: overriding(ports.tcp, {
        connect: (request, events) => {
          let isWanted = true
          ports.tcp.connect(request, {
            onConnected: (stream) => {
              if (isWanted) events.onConnected(stream)
              else stream.attach({ onReadable() {}, onWritable() {}, onClosed() {} })
            },
            onFailed: (failure) => {
              if (isWanted) events.onFailed(failure)
            }
          })
          return { cancel: () => void (isWanted = false) }
        }
      })
    })
  },
  {
    name: "does not remove a stale socket file",
    caughtBy: "UNIX-04",
    change: (ports) => ({ ...ports, tcp: overriding(ports.tcp, { unlink: () => {} }) })
  },
  {
    name: "does not know the port that it was given",
    caughtBy: "ACC-01",
    change: FaultyPorts.changingListeners((listener) =>
      overriding(listener, { localAddress: { _tag: "Inet", host: "127.0.0.1", port: 0 } })
    )
  },
  {
    name: "tells of the first connection only",
    caughtBy: "ACC-11",
    change: FaultyPorts.changingListeners((listener) => {
      let told = false
      return overriding(listener, {
        attach: (events) =>
          listener.attach(
            overriding(events, {
              onAcceptable: () => {
                if (!told) events.onAcceptable()
                told = true
              }
            })
          )
      })
    })
  },
  streamMutant("takes the peer's address for its own", "CONN-08", (stream) => ({
    get localAddress() {
      return stream.peerAddress
    }
  }))
]
