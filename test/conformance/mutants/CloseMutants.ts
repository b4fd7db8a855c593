/** Streams and listeners that close in a wrong way. */
import { FaultyPorts } from "@portico/testkit"
import { type Mutant, overriding, streamMutant } from "./Mutant.ts"

export const closeMutants: ReadonlyArray<Mutant> = [
  streamMutant("never gives the descriptor back", "LOOP-20", () => ({
    close: () => {},
    reset: () => {}
  })),

  streamMutant("never says that it is closed", "LOOP-06", (stream) => ({
    attach: (events) => stream.attach(overriding(events, { onClosed: () => {} }))
  })),

  streamMutant("ends the peer where it should reset it", "TCP-29", (stream) => ({
    reset: () => stream.close()
  })),

  streamMutant("resets the peer where it should end it", "CLOSE-03", (stream) => ({
    close: () => stream.reset()
  })),

  {
    name: "leaves a closed listener listening",
    caughtBy: "ACC-03",
    change: FaultyPorts.changingListeners((listener) => {
      let onClosed = () => {}
      return overriding(listener, {
        attach: (events) => {
          onClosed = () => events.onClosed()
          listener.attach(events)
        },
        close: () => void Promise.resolve().then(onClosed)
      })
    })
  }
]
