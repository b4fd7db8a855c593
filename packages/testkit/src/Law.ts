/**
 * A law: a sentence that every backend must satisfy, with the effect that checks it.
 *
 * Laws know no test runner. A law succeeds or fails as an effect; `Suite` names it, bounds it and
 * looks for leaks after it.
 */
import type { BackendLayer, Capabilities, IoError } from "@portico/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type PortChange, withPorts } from "./FaultyPorts.ts"
import type { LawEnvironment } from "./LawEnvironment.ts"
import type { LawFailure } from "./LawFailure.ts"

/** What core gives over a backend: the services that programs use. */
export type BackendServices = BackendLayer.Services

/** Everything a law may ask for. Its scope ends with it, and must leave nothing behind. */
export type LawServices = BackendServices | LawEnvironment | Scope.Scope

export type Check = Effect.Effect<void, LawFailure | IoError.IoError, LawServices>

export interface Law {
  /** `TCP-10`: stable, unique, never used again for something else. */
  readonly id: string
  /** What holds, in one sentence without a full stop. */
  readonly sentence: string
  /** The facility it belongs to, such as `Connecting`. */
  readonly group: string
  readonly check: Check
  /**
   * What the backend must be able to do for `check` to apply. On a backend that cannot, the law
   * is that `ask` fails as `Unsupported`, naming the capability and the backend.
   */
  readonly capability?: Required | undefined
  /** What the binder must offer beside the backend; without it the law is not planned. */
  readonly hook?: Hook | undefined
  /** Why it may take longer than a law's budget of 250 ms. */
  readonly longerThan?: string | undefined
}

export interface Required {
  readonly name: Capabilities.Capability
  readonly ask: Effect.Effect<unknown, LawFailure | IoError.IoError, LawServices>
}

/** Optional parts of `LawEnvironment`. */
export type Hook = "disk" | "exhaustDescriptors" | "holdThread" | "notifyFromThread" | "tasks"

export interface LawOptions {
  readonly capability?: Required | undefined
  readonly hook?: Hook | undefined
  readonly longerThan?: string | undefined
  /** Checks core over the backend's ports with this change, not over the ports as they are. */
  readonly ports?: PortChange | undefined
}

export interface LawGroup {
  readonly name: string
  readonly laws: ReadonlyArray<Law>
}

/** A law before it is put into a group. */
export type UngroupedLaw = Omit<Law, "group">

export const law = (
  id: string,
  sentence: string,
  body: () => Effect.fn.Return<void, LawFailure | IoError.IoError, LawServices>,
  { ports, ...options }: LawOptions = {}
): UngroupedLaw => {
  const check = Effect.gen(body)
  const changed = ports === undefined ? check : withPorts(ports, Effect.scoped(check))
  return { id, sentence, check: changed, ...options }
}

export const lawGroup = (name: string, drafts: ReadonlyArray<UngroupedLaw>): LawGroup => ({
  name,
  laws: drafts.map((draft) => ({ ...draft, group: name }))
})
