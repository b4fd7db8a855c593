/** The options of `Watch.watch` against their bounds and the backend's capabilities. */
import type * as Effect from "effect/Effect"
import type { BackendPorts } from "../../Backend.ts"
import type { IoError } from "../../IoError.ts"
import type { WatchMethod, WatchOptions } from "../../WatchOptions.ts"
import * as Check from "../Check.ts"
import { dayMillis } from "../DurationBounds.ts"

export const operation = "Watch.watch"

export interface WatchSettings {
  readonly isRecursive: boolean
  readonly method: WatchMethod
  readonly intervalMillis: number
  readonly queueMax: number
  readonly entriesMax: number
}

const defaults = { interval: "1 second", queueMax: 4_096, entriesMax: 100_000 } as const
const millionth = 1_000_000

export const checkWatch = (
  ports: BackendPorts,
  path: string,
  options: WatchOptions
): Effect.Effect<never, IoError> | undefined => {
  const { entriesMax, interval, method, queueMax } = { ...defaults, ...options }
  if (typeof path !== "string" || path === "" || path.includes("\0")) {
    return Check.invalid(operation, "path", "a path without NUL, not empty", path)
  }
  if (method !== undefined && method !== "host" && method !== "polling") {
    return Check.invalid(operation, "method", "host or polling", method)
  }
  return (
    Check.duration(operation, "interval", interval ?? defaults.interval, dayMillis, 10) ??
    Check.integer(operation, "queueMax", queueMax ?? defaults.queueMax, 1, millionth) ??
    Check.integer(operation, "entriesMax", entriesMax ?? defaults.entriesMax, 1, millionth) ??
    (method === "host" && !ports.capabilities.watch
      ? Check.unsupported(operation, "watch", ports.name)
      : undefined)
  )
}

/** Of checked options. */
export const settingsOf = (ports: BackendPorts, options: WatchOptions): WatchSettings => ({
  isRecursive: options.recursive ?? false,
  method: options.method ?? (ports.capabilities.watch ? "host" : "polling"),
  intervalMillis: Check.millis(options.interval ?? defaults.interval),
  queueMax: options.queueMax ?? defaults.queueMax,
  entriesMax: options.entriesMax ?? defaults.entriesMax
})
