/** Streams that write in a wrong way. */
import { PortFailure } from "@portico/core/port"
import { overriding, streamMutant } from "./Mutant.ts"

export const writeMutants = [
  streamMutant("drops the tail of a partial write", "WRITE-05", (stream) => ({
    tryWrite: (bytes) => {
      const outcome = stream.tryWrite(bytes)
      return outcome instanceof PortFailure || outcome === 0 ? outcome : bytes.length
    }
  })),

  streamMutant("sends the tail of a partial write twice", "TCP-03", (stream) => ({
    tryWrite: (bytes) => {
      const outcome = stream.tryWrite(bytes)
      return typeof outcome === "number" && outcome > 1 ? outcome - 1 : outcome
    }
  })),

  streamMutant("takes everything, however full it is", "BACK-01", (stream) => ({
    tryWrite: (bytes) => {
      const outcome = stream.tryWrite(bytes)
      return outcome instanceof PortFailure ? outcome : bytes.length
    }
  })),

  streamMutant("reads memory that is not lent to it", "WRITE-03", (stream) => {
    let held: Uint8Array | undefined
    return {
      tryWrite: (bytes) => {
        if (held !== undefined) stream.tryWrite(held)
        held = bytes
        return bytes.length
      },
      shutdown: () => {
        if (held !== undefined) stream.tryWrite(held)
        return stream.shutdown()
      }
    }
  }),

  streamMutant("never says that there is room again", "TCP-05", (stream) => ({
    attach: (events) => stream.attach(overriding(events, { onWritable: () => {} }))
  })),

  streamMutant("does not half-close", "TCP-22", () => ({ shutdown: () => {} })),

  streamMutant("closes when it should half-close", "TCP-22", (stream) => ({
    shutdown: () => stream.close()
  })),

  streamMutant("says that a broken stream takes bytes", "TCP-21", (stream) => ({
    tryWrite: (bytes) => {
      const outcome = stream.tryWrite(bytes)
      return outcome instanceof PortFailure ? bytes.length : outcome
    }
  }))
]
