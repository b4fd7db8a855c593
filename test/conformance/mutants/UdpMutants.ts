/** Datagram sockets that receive, send, connect or close in a wrong way. */
import { Reason } from "@portico/core"
import {
  type BindRequest,
  type DatagramEvents,
  type DatagramPort,
  type InetPortAddress,
  PortFailure
} from "@portico/core/port"
import { FaultyPorts } from "@portico/testkit"
import { type Mutant, overriding } from "./Mutant.ts"

const datagramMutant = (
  name: string,
  caughtBy: string,
  changes: (socket: DatagramPort) => Partial<DatagramPort>
): Mutant => ({
  name,
  caughtBy,
  change: FaultyPorts.changingDatagrams((socket) => overriding(socket, changes(socket)))
})

/** One whose events differ. */
const eventMutant = (
  name: string,
  caughtBy: string,
  changes: (events: DatagramEvents) => Partial<DatagramEvents>
): Mutant =>
  datagramMutant(name, caughtBy, (socket) => ({
    attach: (events) => socket.attach(overriding(events, changes(events)))
  }))

const bindMutant = (
  name: string,
  caughtBy: string,
  change: (request: BindRequest) => BindRequest
): Mutant => ({
  name,
  caughtBy,
  change: (ports) => ({
    ...ports,
    udp: overriding(ports.udp, {
      bind: (request, events) => ports.udp.bind(change(request), events)
    })
  })
})

const receiveMutants: ReadonlyArray<Mutant> = [
  eventMutant("joins datagrams that come together", "UDP-01", (events) => {
    let held = new Uint8Array(0)
    return {
      onDatagram: (bytes, from, truncated) => {
        const joined = new Uint8Array([...held, ...bytes])
        held = bytes.length === 0 ? joined : new Uint8Array(0)
        if (bytes.length > 0) events.onDatagram(joined, from, truncated)
      }
    }
  }),
  eventMutant("takes an empty datagram for nothing", "UDP-01", (events) => ({
    onDatagram: (bytes, from, truncated) => {
      if (bytes.length > 0) events.onDatagram(bytes, from, truncated)
    }
  })),
  eventMutant("names the wrong sender", "UDP-20", (events) => ({
    onDatagram: (bytes, from, truncated) =>
      events.onDatagram(bytes, { ...from, port: from.port === 1 ? 2 : from.port - 1 }, truncated)
  })),
  eventMutant("cuts what is longer than an Ethernet frame", "UDP-22", (events) => ({
    onDatagram: (bytes, from, truncated) => events.onDatagram(bytes.slice(0, 1500), from, truncated)
  })),
  eventMutant("hands out memory that it writes again", "UDP-01", (events) => {
    const slab = new Uint8Array(65_536)
    return {
      onDatagram: (bytes, from, truncated) => {
        slab.set(bytes)
        events.onDatagram(slab.subarray(0, bytes.length), from, truncated)
      }
    }
  }),
  eventMutant("swaps two datagrams", "UDP-50", (events) => {
    let held: (() => void) | undefined
    return {
      onDatagram: (bytes, from, truncated) => {
        const deliver = () => events.onDatagram(bytes, from, truncated)
        if (held === undefined) {
          held = deliver
          return
        }
        deliver()
        held()
        held = undefined
      }
    }
  }),
  eventMutant("delivers every datagram twice", "UDP-35", (events) => ({
    onDatagram: (bytes, from, truncated) => {
      events.onDatagram(bytes, from, truncated)
      events.onDatagram(bytes, from, truncated)
    }
  })),
  eventMutant("stops receiving when it was flooded", "UDP-42", (events) => {
    let count = 0
    return {
      onDatagram: (bytes, from, truncated) => {
        if (++count <= 500) events.onDatagram(bytes, from, truncated)
      }
    }
  })
]

const sendMutants: ReadonlyArray<Mutant> = [
  datagramMutant("says that it took what it did not", "UDP-50", (socket) => ({
    trySend: (batch) => {
      const outcome = socket.trySend(batch.slice(0, 40))
      return outcome === 40 ? batch.length : outcome
    }
  })),
  datagramMutant("says that it took less than it did", "UDP-50", (socket) => ({
    trySend: (batch) => {
      const outcome = socket.trySend(batch)
      return typeof outcome === "number" && outcome > 1 ? outcome - 1 : outcome
    }
  })),
  datagramMutant("sends a batch in any order", "UDP-50", (socket) => ({
    trySend: (batch) => socket.trySend(batch.toReversed())
  })),
  datagramMutant("reads memory that is the sender's again", "UDP-51", (socket) => {
    let held: Parameters<DatagramPort["trySend"]>[0] = []
    return {
      trySend: (batch) => {
        const before = held
        held = batch
        if (before.length > 0) socket.trySend(before)
        return batch.length
      }
    }
  }),
  {
    name: "never says that there is room again",
    caughtBy: "UDP-45",
    change: FaultyPorts.changingDatagrams((socket) =>
      overriding(socket, {
        attach: (events) => socket.attach(overriding(events, { onWritable: () => {} }))
      })
    )
  },
  datagramMutant("loses the datagram that comes after an answer", "UDP-63", (socket) => {
    let isAnswered = false
    return {
      trySend: (batch) => {
        const wasAnswered = isAnswered
        isAnswered = batch[0]!.bytes.length === 1 && batch[0]!.bytes[0] === 1
        return wasAnswered && !isAnswered ? batch.length : socket.trySend(batch)
      }
    }
  }),
  datagramMutant("fails a whole batch for one dead peer", "UDP-64", (socket) => {
    const refused = new PortFailure(Reason.Reason.ConnectionRefused())
    let batches = 0
    return {
      trySend: (batch) => (batch.length > 1 && ++batches > 3 ? refused : socket.trySend(batch))
    }
  })
]

const peerMutants: ReadonlyArray<Mutant> = [
  datagramMutant("hears everybody although it has a peer", "UDP-04", (socket) => {
    let peer: InetPortAddress | undefined
    return {
      connect: (to) => void (peer = to),
      trySend: (batch) => socket.trySend(batch.map(({ bytes, to }) => ({ bytes, to: to ?? peer })))
    }
  }),
  datagramMutant("does not let its peer go", "UDP-06", (socket) => ({
    connect: (peer) => (peer === undefined ? undefined : socket.connect(peer))
  })),
  eventMutant("keeps what ICMP answered to itself", "UDP-07", () => ({ onRefused: () => {} })),
  eventMutant("tells of an answer again and again", "UDP-60", (events) => ({
    onRefused: (failure) => {
      for (let time = 0; time < 2; time++) events.onRefused(failure)
    }
  })),
  datagramMutant("takes an answer for the end of the socket", "UDP-07", (socket) => ({
    attach: (events) =>
      socket.attach(
        overriding(events, {
          onRefused: (failure) => {
            events.onRefused(failure)
            socket.close()
          }
        })
      )
  }))
]

const optionMutants: ReadonlyArray<Mutant> = [
  bindMutant("shares a port that nobody wanted to share", "UDP-70", (request) => ({
    ...request,
    reuseAddress: true,
    reusePort: true
  })),
  bindMutant("shares no port", "UDP-73", (request) => ({ ...request, reusePort: false })),
  bindMutant("ignores that a socket is for IPv6 only", "UDP-74", (request) => ({
    ...request,
    ipv6Only: false
  })),
  bindMutant("ignores how large the kernel's buffers are to be", "UDP-75", (request) => ({
    ...request,
    kernelReceiveBytes: undefined,
    kernelSendBytes: undefined
  })),
  bindMutant("binds another port than it was asked for", "UDP-12", (request) => ({
    ...request,
    address: { ...request.address, port: 0 }
  })),
  datagramMutant("broadcasts for everybody", "UDP-14", (socket) => {
    socket.setBroadcast(true)
    return { setBroadcast: () => {} }
  }),
  datagramMutant("never gives the descriptor back", "UDP-12", () => ({ close: () => {} })),
  datagramMutant("frees the port only after it said so", "UDP-12", (socket) => {
    let tell = () => {}
    return {
      attach: (events) => {
        tell = () => events.onClosed()
        socket.attach(overriding(events, { onClosed: () => {} }))
      },
      close: () => void Promise.resolve().then(tell)
    }
  })
]

const groupMutants: ReadonlyArray<Mutant> = [
  datagramMutant("joins no group", "UDP-13", () => ({ join: () => {} })),
  datagramMutant("leaves no group", "UDP-13", () => ({ leave: () => {} })),
  datagramMutant("joins for any source", "UDP-81", (socket) => ({
    join: (membership) => socket.join({ ...membership, source: undefined })
  })),
  datagramMutant("joins on any interface", "UDP-83", (socket) => ({
    join: (membership) => socket.join({ ...membership, interface: undefined })
  })),
  datagramMutant("ignores by which interface to send", "UDP-83", () => ({
    setMulticastInterface: () => {}
  }))
]

export const udpMutants: ReadonlyArray<Mutant> = [
  ...receiveMutants,
  ...sendMutants,
  ...peerMutants,
  ...optionMutants,
  ...groupMutants
]
