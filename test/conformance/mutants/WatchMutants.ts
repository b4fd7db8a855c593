/** Watchers that miss something, or tell what they must not. */
import type { PortFailure, PortWatch, WatchPort, WatchPortEvents } from "@portico/core/port"
import { type Mutant, overriding } from "./Mutant.ts"

type Open = (port: WatchPort, path: string, events: WatchPortEvents) => PortWatch | PortFailure

/** A mutant that opens watches in another way. */
const watchMutant = (name: string, caughtBy: string, makeOpen: () => Open): Mutant => ({
  name,
  caughtBy,
  change: (ports) => {
    const open = makeOpen()
    const port = ports.watch!
    return {
      ...ports,
      watch: {
        settleMillis: 0,
        open: (path: string, events: WatchPortEvents) => open(port, path, events)
      }
    }
  }
})

/** A mutant whose hints differ in what `changes` says. */
const hintMutant = (
  name: string,
  caughtBy: string,
  changes: (events: WatchPortEvents) => Partial<WatchPortEvents>
): Mutant =>
  watchMutant(
    name,
    caughtBy,
    () => (port, path, events) => port.open(path, overriding(events, changes(events)))
  )

export const watchMutants: ReadonlyArray<Mutant> = [
  watchMutant("is ready before it watches", "WATCH-04", () => (port, path, events) => {
    let hints = 0
    return port.open(path, {
      // The first ones come while the host still begins.
      onHint: (name, isContent) => {
        if (hints++ > 2) events.onHint(name, isContent)
      },
      onUnknown: () => events.onUnknown()
    })
  }),

  hintMutant("does not tell of names that went", "WATCH-01", (events) => ({
    onHint: (name, isContent) => {
      if (isContent) events.onHint(name, isContent)
    }
  })),

  hintMutant("does not tell that the directory itself is gone", "WATCH-09", () => ({
    onUnknown: () => {}
  })),

  watchMutant("tells one watcher of a path alone", "WATCH-02", () => {
    const watched = new Map<string, PortWatch | PortFailure>()
    return (port, path, events) => {
      const isFirst = !watched.has(path)
      const opened = port.open(path, isFirst ? events : { onHint() {}, onUnknown() {} })
      watched.set(path, opened)
      return opened
    }
  }),

  watchMutant("watches nothing below the root", "WATCH-07", () => {
    let root: string | undefined
    return (port, path, events) => {
      root ??= path
      return path === root ? port.open(path, events) : { close() {}, setRef() {} }
    }
  }),

  watchMutant("goes on with the directory that had the name", "WATCH-17", () => {
    const first = new Map<string, Set<WatchPortEvents>>()
    return (port, path, events) => {
      const known = first.get(path)
      const all = known ?? new Set([events])
      first.set(path, all.add(events))
      if (known !== undefined) return { close: () => all.delete(events), setRef() {} }
      return port.open(path, {
        onHint: (name, isContent) => all.forEach((one) => one.onHint(name, isContent)),
        onUnknown: () => all.forEach((one) => one.onUnknown())
      })
    }
  }),

  hintMutant("does not tell of content that changed", "WATCH-11", (events) => ({
    onHint: (name, isContent) => {
      if (!isContent) events.onHint(name, false)
    }
  }))
]
