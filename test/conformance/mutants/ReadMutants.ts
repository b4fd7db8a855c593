/** Streams that read, or tell of readiness, in a wrong way. */
import { End, PortFailure, WouldBlock } from "@portico/core/port"
import { overriding, streamMutant } from "./Mutant.ts"

export const readMutants = [
  streamMutant("gives bytes again after the end", "TCP-15", (stream) => {
    let ends = 0
    return {
      tryRead: (bytesMax, keep) => {
        const outcome = stream.tryRead(bytesMax, keep)
        return outcome === End && ++ends === 2 ? new Uint8Array([0]) : outcome
      }
    }
  }),

  streamMutant("gives more than was asked for", "TCP-10", (stream) => ({
    tryRead: (_bytesMax, keep) => stream.tryRead(512 * 1024, keep)
  })),

  streamMutant("hands out memory that it writes again", "READ-01", (stream) => {
    const slab = new Uint8Array(512 * 1024)
    return {
      tryRead: (bytesMax, keep) => {
        const outcome = stream.tryRead(bytesMax, keep)
        if (!(outcome instanceof Uint8Array)) return outcome
        slab.set(outcome)
        return slab.subarray(0, outcome.length)
      }
    }
  }),

  streamMutant("loses a byte of each chunk that is cut", "READ-04", (stream) => ({
    tryRead: (bytesMax, keep) => {
      const outcome = stream.tryRead(bytesMax, keep)
      if (outcome instanceof Uint8Array && outcome.length === bytesMax) stream.tryRead(1, keep)
      return outcome
    }
  })),

  streamMutant("takes a reset for an end", "TCP-20", (stream) => ({
    tryRead: (bytesMax, keep) => {
      const outcome = stream.tryRead(bytesMax, keep)
      return outcome instanceof PortFailure ? End : outcome
    }
  })),

  streamMutant("says it would block when bytes are there", "READ-06", (stream) => {
    let calls = 0
    return {
      tryRead: (bytesMax, keep) => (++calls % 2 === 1 ? WouldBlock : stream.tryRead(bytesMax, keep))
    }
  }),

  streamMutant("never wakes a reader", "TCP-16", (stream) => ({
    attach: (events) => stream.attach(overriding(events, { onReadable: () => {} }))
  })),

  streamMutant("wakes a reader only once", "READ-10", (stream) => {
    let wakes = 0
    return {
      attach: (events) =>
        stream.attach(
          overriding(events, {
            onReadable: () => {
              if (++wakes === 1) events.onReadable()
            }
          })
        )
    }
  })
]
