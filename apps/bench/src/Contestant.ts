import type { Host } from "./Host.ts"

/** A program to be measured. */
export interface Contestant {
  readonly name: string
  readonly host: Host
  readonly program: URL
  /** The contestant that its ratios are taken to: the raw host of the same runtime. */
  readonly ratioTo: string
}
