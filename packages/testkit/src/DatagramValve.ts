/** Datagram sockets whose host takes nothing while a valve is shut, or only so many. */
import type { PortChange } from "./FaultyPorts.ts"
import { changingDatagrams, overriding } from "./FaultyPorts.ts"

export interface DatagramValve {
  readonly change: PortChange
  /** Takes nothing from now on. */
  readonly shut: () => void
  /** Takes so many datagrams more, and says so in a later callback, as a host does. */
  readonly open: (datagrams?: number) => void
}

/** Open at first. */
export const makeDatagramValve = (): DatagramValve => {
  let room = Number.POSITIVE_INFINITY
  const wakes: Array<() => void> = []
  const change = changingDatagrams((socket, ports) => {
    let isClosed = false
    return overriding(socket, {
      trySend: (batch) => {
        const count = Math.min(room, batch.length)
        if (count === 0) return 0
        const outcome = socket.trySend(batch.slice(0, count))
        if (typeof outcome === "number") room -= outcome
        return outcome
      },
      attach: (events) => {
        // A host may say so once at the start, whatever it takes (Bun does).
        const onWritable = () => {
          if (room > 0) events.onWritable()
        }
        socket.attach(overriding(events, { onWritable }))
        wakes.push(() =>
          ports.turn.later(() => {
            if (isClosed) return
            ports.turn.enter()
            events.onWritable()
            ports.turn.leave()
          })
        )
      },
      close: () => {
        isClosed = true
        socket.close()
      }
    })
  })
  return {
    change,
    shut: () => {
      room = 0
    },
    open: (datagrams = Number.POSITIVE_INFINITY) => {
      room = datagrams
      for (const wake of wakes) wake()
    }
  }
}
