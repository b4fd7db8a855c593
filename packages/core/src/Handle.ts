/**
 * A long-lived resource of a backend, in a `Scope`: a stream, a listener, a timer.
 *
 * `EventLoop.handles` lists those that are alive, so a leak has a name and a place.
 */
import type * as Effect from "effect/Effect"
import type { HandleState } from "./HandleState.ts"

export type HandleKind =
  | "TcpStream"
  | "TcpListener"
  | "UnixStream"
  | "UnixListener"
  | "TlsStream"
  | "UdpSocket"
  | "Timer"
  | "WakeUp"
  | "PhaseHook"
  | "PoolLane"
  | "File"
  | "Directory"
  | "Watcher"

/** What a fiber is waiting for on a handle, for dumps and deadlock reports. */
export interface Wait {
  readonly operation: string
  readonly fiberId: number
}

export interface Handle {
  /** Unique within its backend, from 1, in order of creation. */
  readonly id: number
  readonly kind: HandleKind
  readonly state: HandleState
  /** Bytes moved and held, and connections where the handle is a listener. */
  readonly counters: HandleCounters
  /** Where it was opened, as the caller's stack shows it; accepted streams name their listener. */
  readonly site: string | undefined
  /** Who waits on it now. */
  readonly waits: ReadonlyArray<Wait>
  /** Whether it keeps the host's loop, and so the process, alive. True at first. */
  readonly isRef: boolean
  /** Lets it keep the loop alive (again). Idempotent; no effect once closed. */
  readonly ref: Effect.Effect<void>
  /** Lets the process end while it is open. Idempotent; no effect once closed. */
  readonly unref: Effect.Effect<void>
  /** `TcpStream #5 tcp://127.0.0.1:40001 → tcp://127.0.0.1:4000`. */
  readonly label: string
}

export interface HandleCounters {
  readonly bytesRead: number
  readonly bytesWritten: number
  /**
   * Of calls to write: in the stream's buffer, or waiting for room; not yet accepted by the host.
   */
  readonly bytesQueued: number
  readonly connectionsAccepted: number
}
