/** Streams that read a writer's memory until a later callback, and notice who touches it. */
import { changingStreams, overriding, type PortChange } from "./FaultyPorts.ts"

export interface Lending {
  readonly change: PortChange
  /** What was done although memory was lent. */
  readonly violations: ReadonlyArray<string>
}

export const makeLending = (): Lending => {
  const violations: Array<string> = []
  const change: PortChange = (ports) =>
    changingStreams((stream) => {
      let isLent = false
      let onWritable = () => {}
      const giveBack = (lent: Uint8Array, asTaken: Uint8Array) => {
        if (lent.some((byte, index) => byte !== asTaken[index])) violations.push("memory changed")
        stream.tryWrite(asTaken)
        isLent = false
        ports.turn.enter()
        onWritable()
        ports.turn.leave()
      }
      return overriding(stream, {
        get lent() {
          return isLent
        },
        get writable() {
          return !isLent && stream.writable
        },
        attach: (events) => {
          onWritable = () => events.onWritable()
          stream.attach(events)
        },
        tryWrite: (bytes) => {
          if (isLent) violations.push("tryWrite")
          isLent = true
          const asTaken = Uint8Array.from(bytes)
          ports.turn.later(() => giveBack(bytes, asTaken))
          return bytes.length
        },
        shutdown: () => {
          if (isLent) violations.push("shutdown")
          return stream.shutdown()
        }
      })
    })(ports)
  return { change, violations }
}
