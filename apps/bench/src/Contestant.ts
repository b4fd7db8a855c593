import type { Host } from "./Host.ts"

/** A program to be measured. */
export interface Contestant {
  readonly name: string
  readonly host: Host
  readonly program: URL
  /** Options of the runtime beyond those that every contestant has. */
  readonly options?: ReadonlyArray<string>
  /** The contestant that its ratios are taken to: the suite's baseline on the same runtime. */
  readonly ratioTo: string
  /** A program that is not ours: where it fails, that is a note and not the end of the run. */
  readonly isPeer?: boolean
  /** The only cases that it plays; all where undefined. */
  readonly plays?: ReadonlyArray<string>
}
