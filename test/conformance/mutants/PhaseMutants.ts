/** Loops that call hooks when they should not, or not when they should. */
import { Phase } from "@portico/core"
import { hookMutant, type Mutant, overriding } from "./Mutant.ts"

export const phaseMutants: ReadonlyArray<Mutant> = [
  ...Phase.all.map((wrong, index) =>
    hookMutant(
      `goes on calling a hook of phase ${wrong} that was removed`,
      `PHASE-0${index + 1}`,
      (loop, phase, callback) => {
        const hook = loop.hookPhase(phase, callback)
        return hook && overriding(hook, { remove: () => {} })
      }
    )
  ),

  hookMutant("calls a hook twice a turn", "PHASE-04", (loop, phase, callback) =>
    loop.hookPhase(phase, () => {
      callback()
      callback()
    })
  ),

  hookMutant("calls a hook once only", "PHASE-01", (loop, phase, callback) => {
    let isCalled = false
    return loop.hookPhase(phase, () => {
      if (!isCalled) callback()
      isCalled = true
    })
  }),

  hookMutant("takes the check for the prepare phase", "PHASE-10", (loop, phase, callback) =>
    loop.hookPhase(phase === "check" ? "prepare" : phase, callback)
  ),

  hookMutant("takes the prepare for the check phase", "PHASE-11", (loop, phase, callback) =>
    loop.hookPhase(phase === "check" ? "prepare" : phase === "prepare" ? "check" : phase, callback)
  ),

  hookMutant("fires timers in the closing phase", "PHASE-12", (loop, phase, callback) =>
    loop.hookPhase(phase === "timers" ? "check" : phase, callback)
  ),

  hookMutant("waits although somebody idles", "PHASE-14", (loop, phase, callback) => {
    const hook = loop.hookPhase(phase, callback)
    hook?.setRef(false)
    return hook
  }),

  hookMutant("goes on idling for who was unref'd", "PHASE-14", (loop, phase, callback) => {
    const hook = loop.hookPhase(phase, callback)
    return hook && overriding(hook, { setRef: () => {} })
  }),

  {
    name: "lets a removed hook have the rest of its turn",
    caughtBy: "PHASE-13",
    change: (ports) => ({
      ...ports,
      loop: overriding(ports.loop, {
        hookPhase: (phase, callback) => {
          const hook = ports.loop.hookPhase(phase, callback)
          return hook && overriding(hook, { remove: () => ports.turn.later(() => hook.remove()) })
        }
      })
    })
  }
]
