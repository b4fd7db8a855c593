/** One thing that happened in a world, and what it happened because of. */

/**
 * - `run`: a fiber runs on. Its cause is what woke it.
 * - `send`: a packet leaves its host. Data: `packet` (SYN, DATA, RST, UDP, ...), `from`, `to`,
 *   `bytes`.
 * - `deliver`: it arrives; the cause is its `send`. A second one of the same `send` is a duplicate.
 * - `drop`: it never will; the cause is its `send`. Data: `reason`.
 * - `hold`: it is held back until somebody lets it go; the cause is its `send`.
 * - `write`, `fsync`: of a disk. Data: `path`, `bytes`. `lost`: a crash took one away; its cause is
 *   the `write`.
 * - `crash`, `restart`, `pause`, `resume`: of a host. `signal`: one came. `clockStep`: its clock
 *   jumped; data: `nanos`.
 * - `partition`, `heal`: of the network. Data: `between`, a text like `a | b, c`; `id`, which the
 *   `heal` repeats.
 * - `fault`: any other that was injected. Data: `what`.
 * - `decision`: something was decided by chance, and not for the mildest. Data: `stream`, `choice`,
 *   `count`; `number`, when it is one of those that matter.
 * - `call`, `return`: of a client's operation. Data: `operation` (an id), `client`, `text`; of a
 *   return `how`: returned, failed or unknown. The cause of a return is its call.
 * - `note`: whatever a program or a test wants to be seen. Data: `text`.
 * - `violation`: something that should hold does not. Data: `text`.
 */
export type TraceKind =
  | "run"
  | "send"
  | "deliver"
  | "drop"
  | "hold"
  | "write"
  | "fsync"
  | "lost"
  | "crash"
  | "restart"
  | "pause"
  | "resume"
  | "signal"
  | "clockStep"
  | "partition"
  | "heal"
  | "fault"
  | "decision"
  | "call"
  | "return"
  | "note"
  | "violation"

export type TraceData = { readonly [name: string]: string | number | boolean }

export interface TraceEvent {
  /** From 0, of all events of the world, those that the ring has forgotten included. */
  readonly index: number
  /** Virtual nanoseconds of the world. */
  readonly time: number
  /** The host's name; empty for what concerns the world. */
  readonly host: string
  /** How often that host was started anew. */
  readonly incarnation: number
  /** Numbered from 1 in its world; 0 when no fiber ran. */
  readonly fiber: number
  /** Of the fiber that ran: the innermost span; empty without one. */
  readonly span: string
  readonly kind: TraceKind
  /** The index of the event that this one follows from; -1 if there is none. */
  readonly cause: number
  readonly data: TraceData
}
