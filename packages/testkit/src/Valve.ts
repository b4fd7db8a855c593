/** Streams whose host takes nothing while a valve is shut: fullness without filling anything. */
import { changingStreams, overriding, type PortChange } from "./FaultyPorts.ts"

export interface Valve {
  readonly change: PortChange
  readonly shut: () => void
  /** Lets bytes through, and says so in a later callback, as a host does. */
  readonly open: () => void
}

export const makeValve = (): Valve => {
  let isShut = false
  const wakes: Array<() => void> = []
  const change: PortChange = (ports) =>
    changingStreams((stream) => {
      let isClosed = false
      return overriding(stream, {
        get writable() {
          return !isShut && stream.writable
        },
        tryWrite: (bytes) => (isShut ? 0 : stream.tryWrite(bytes)),
        attach: (events) => {
          stream.attach(events)
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
          stream.close()
        },
        reset: () => {
          isClosed = true
          stream.reset()
        }
      })
    })(ports)
  return {
    change,
    shut: () => {
      isShut = true
    },
    open: () => {
      isShut = false
      for (const wake of wakes) wake()
    }
  }
}
