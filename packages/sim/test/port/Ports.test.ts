import { Backend } from "@portico/core/Backend"
import {
  type ListenerPort,
  PortFailure,
  type StreamEvents,
  type StreamPort,
  WouldBlock
} from "@portico/core/port/index"
import { SimBackend } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { describe, expect, it } from "vitest"

const request = { noDelay: true, local: undefined } as const
const listenRequest = {
  backlog: undefined,
  acceptQueueMax: 16,
  reusePort: false,
  ipv6Only: false,
  noDelay: true,
  mode: undefined
} as const
const address = { _tag: "Unix", path: "/tmp/ports" } as const
const quiet: StreamEvents = { onReadable: () => {}, onWritable: () => {}, onClosed: () => {} }

/** Runs `body` with the ports, and gives what it noted; "call" stands for the body's own end. */
const noted = (
  body: (ports: Backend["Service"], note: (what: unknown) => void) => void,
  options: { readonly descriptorsMax?: number } = {}
): ReadonlyArray<unknown> => {
  const notes: Array<unknown> = []
  const program = Effect.gen(function* () {
    const ports = yield* Backend
    body(ports, (what) => notes.push(what))
    notes.push("call")
    yield* Effect.sleep("10 minutes")
  })
  const exit = SimBackend.runSync(program, { seed: 1, ...options })
  if (!Exit.isSuccess(exit)) throw new Error(String(exit))
  return notes
}

const listen = (ports: Backend["Service"], then: (listener: ListenerPort) => void): void => {
  ports.tcp.listen(
    { ...listenRequest, address },
    {
      onListening: (listener) => {
        listener.attach({ onAcceptable: () => {}, onClosed: () => {} })
        then(listener)
      },
      onFailed: (failure) => {
        throw new Error(failure.reason._tag)
      }
    }
  )
}

const connect = (ports: Backend["Service"], then: (stream: StreamPort) => void): void => {
  ports.tcp.connect(
    { ...request, address },
    {
      onConnected: then,
      onFailed: (failure) => {
        throw new Error(failure.reason._tag)
      }
    }
  )
}

/** Two streams, connected, the second accepted. */
const pair = (
  ports: Backend["Service"],
  then: (client: StreamPort, server: StreamPort, listener: ListenerPort) => void
): void =>
  listen(ports, (listener) =>
    connect(ports, (client) => then(client, listener.tryAccept() as StreamPort, listener))
  )

describe("events", () => {
  it("come after the call: of listen, connect, read and write", () => {
    const notes = noted((ports, note) =>
      pair(ports, (client, server) => {
        note("connected")
        client.attach(quiet)
        server.attach({ ...quiet, onReadable: () => note("readable") })
        expect(server.tryRead(1, true)).toBe(WouldBlock)
        client.tryWrite(Uint8Array.of(1))
        note("written")
      })
    )
    expect(notes).toEqual(["call", "connected", "written", "readable"])
  })

  it("come after the call: of what fails", () => {
    const notes = noted((ports, note) => {
      const onFailed = ({ cause }: PortFailure) => note(cause)
      const onConnected = () => note("connected")
      const onListening = () => note("listening")
      ports.tcp.connect({ ...request, address }, { onConnected, onFailed })
      const here = { _tag: "Inet", host: "127.0.0.1", port: 9 } as const
      ports.tcp.connect({ ...request, address: here }, { onConnected, onFailed })
      const abroad = { _tag: "Inet", host: "192.0.2.1", port: 9 } as const
      ports.tcp.listen({ ...listenRequest, address: abroad }, { onListening, onFailed })
    })
    expect(notes).toEqual([
      "call",
      { code: "ENOENT", syscall: "connect" },
      { code: "EADDRNOTAVAIL", syscall: "listen" },
      { code: "ECONNREFUSED", syscall: "connect" }
    ])
  })

  it("never come after cancel, and the descriptor is free", () => {
    const notes = noted(
      (ports, note) => {
        const events = {
          onConnected: () => note("connected"),
          onListening: () => note("listening"),
          onFailed: () => note("failed")
        }
        ports.tcp.listen({ ...listenRequest, address }, events).cancel()
        ports.tcp.connect({ ...request, address }, events).cancel()
        const here = { _tag: "Inet", host: "127.0.0.1", port: 9 } as const
        ports.tcp.connect({ ...request, address: here }, events).cancel()
        listen(ports, () => note("this one"))
      },
      { descriptorsMax: 1 }
    )
    expect(notes).toEqual(["call", "this one"])
  })

  it("end with onClosed, in the order of the closes, once each", () => {
    const notes = noted((ports, note) =>
      pair(ports, (client, server, listener) => {
        const events = (name: string): StreamEvents => ({
          onReadable: () => note(`${name} readable`),
          onWritable: () => note(`${name} writable`),
          onClosed: () => note(`${name} closed`)
        })
        client.attach(events("client"))
        server.attach(events("server"))
        client.tryWrite(Uint8Array.of(1))
        server.close()
        client.reset()
        client.close()
        server.close()
        listener.close()
        note("closed all")
      })
    )
    expect(notes).toEqual(["call", "closed all", "server closed", "client closed"])
  })

  // Both are readable at the same moment, and events come one after the other.
  it("that were about to come do not, after close", () => {
    const notes = noted((ports, note) =>
      pair(ports, (client, server) => {
        client.attach({
          ...quiet,
          onReadable: () => {
            note(server.readable ? "close" : "reset, because of the unread byte")
            server.close()
          }
        })
        server.attach({
          ...quiet,
          onReadable: () => note("readable"),
          onClosed: () => note("closed")
        })
        server.tryWrite(Uint8Array.of(1))
        client.tryWrite(Uint8Array.of(1))
      })
    )
    expect(notes).toEqual(["call", "close", "closed", "reset, because of the unread byte"])
  })

  it("are a turn: what was put off to its end runs before anything else", () => {
    const notes = noted((ports, note) =>
      pair(ports, (client, server) => {
        client.attach(quiet)
        server.attach({
          ...quiet,
          onReadable: () => {
            ports.turn.later(() => note("later"))
            ports.turn.atEnd({ runAtTurnEnd: () => note("end") })
            note("readable")
          }
        })
        client.tryWrite(Uint8Array.of(1))
      })
    )
    expect(notes).toEqual(["call", "readable", "end", "later"])
  })
})

describe("failures", () => {
  it("of accept leave the connection where it is", () => {
    const notes = noted(
      (ports, note) =>
        listen(ports, (listener) =>
          connect(ports, (client) => {
            client.attach(quiet)
            const refused = listener.tryAccept()
            note(refused instanceof PortFailure && refused.reason)
            note(listener.acceptable)
            client.close()
            note(listener.tryAccept() instanceof PortFailure)
          })
        ),
      { descriptorsMax: 2 }
    )
    expect(notes).toEqual([
      "call",
      expect.objectContaining({
        _tag: "ResourceExhausted",
        resource: "file descriptors of the process"
      }),
      true,
      false
    ])
  })

  it("of a stream stay", () => {
    const notes = noted((ports, note) =>
      pair(ports, (client, server) => {
        client.attach({
          ...quiet,
          onReadable: () => {
            const again = [1, 2].map(() => client.tryWrite(Uint8Array.of(1)))
            note(again.map((outcome) => outcome instanceof PortFailure && outcome.reason._tag))
            note([client.writable, client.readable, client.shutdown()])
          }
        })
        server.attach(quiet)
        server.close()
      })
    )
    expect(notes).toEqual(["call", ["Broken", "Broken"], [false, true, undefined]])
  })
})
