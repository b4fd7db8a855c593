/** Backends whose turns are wrong. */
import { type Mutant, overriding } from "./Mutant.ts"

export const turnMutants: ReadonlyArray<Mutant> = [
  {
    name: "runs callbacks for later at once",
    caughtBy: "TURN-01",
    change: (ports) => ({
      ...ports,
      turn: overriding(ports.turn, { later: (callback) => callback() })
    })
  },
  {
    name: "ends the turn after every task",
    caughtBy: "WRITE-01",
    change: (ports) => ({
      ...ports,
      turn: overriding(ports.turn, { atEnd: (task) => task.runAtTurnEnd() })
    })
  },
  {
    name: "ends the turn a callback too late",
    caughtBy: "TURN-02",
    change: (ports) => ({
      ...ports,
      turn: overriding(ports.turn, {
        atEnd: (task) => ports.turn.later(() => task.runAtTurnEnd())
      })
    })
  },
  {
    name: "gives the same memory to everybody",
    caughtBy: "TURN-04",
    change: (ports) => {
      const memory = new Uint8Array(1024 * 1024)
      return { ...ports, allocate: (bytes) => memory.subarray(0, bytes) }
    }
  }
]
