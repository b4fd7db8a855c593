/** What came of one run. */
import * as Cause from "effect/Cause"
import { SimHalt } from "../SimHalt.ts"
import { Violation } from "../Violation.ts"

/**
 * Why a run failed:
 * - `failure`: the program failed or died;
 * - `violation`: a promise was broken (see `Probe`);
 * - `deadlock`: everything waits for what cannot come;
 * - `livelock`: steps without end, and no operation committed;
 * - `stepLimit`, `timeLimit`: operations were committed, and there was no end;
 * - `leak`: handles or fibers were left over when the program had ended;
 * - `unstable`: a second run of the same seed went otherwise. What the program does depends on
 *   something that is not simulated.
 */
export type FailureReason =
  | "failure"
  | "violation"
  | "deadlock"
  | "livelock"
  | "stepLimit"
  | "timeLimit"
  | "leak"
  | "unstable"

export interface Failure {
  readonly reason: FailureReason
  /** The broken promise, or the kind of error. The same for runs that failed alike. */
  readonly label: string
  /** For people. Texts of errors differ between engines. */
  readonly message: string
}

/** Runs that failed alike have the same. */
export const fingerprint = ({ label, reason }: Failure): string => `${reason}: ${label}`

/** What a program's cause comes to. */
export const failureOf = (cause: Cause.Cause<unknown>): Failure => {
  const error = Cause.squash(cause)
  if (error instanceof SimHalt) return { reason: error.reason, label: "", message: error.report }
  if (error instanceof Violation) return broken(error)
  return { reason: "failure", label: labelOf(error), message: Cause.pretty(cause) }
}

export const broken = (violation: Violation): Failure => ({
  reason: "violation",
  label: `${violation.kind} ${violation.label}`,
  message: violation.message
})

// Engines word their own errors differently, so of those only the name tells; of others what the
// program wrote, without figures that vary from run to run.
const labelOf = (error: unknown): string => {
  if (typeof error === "string") return error
  if (!(error instanceof Error) || "_tag" in error) return tagOf(error)
  return error.name === "Error" ? error.message.replaceAll(/\d+/g, "#").slice(0, 100) : error.name
}

// An error of ours has a reason with a tag of its own.
const tagOf = (error: unknown): string => {
  const { _tag, reason } = Object(error) as { readonly _tag?: unknown; readonly reason?: unknown }
  const outer = typeof _tag === "string" ? _tag : typeof error
  return typeof reason === "object" && reason !== null ? `${outer} ${tagOf(reason)}` : outer
}
