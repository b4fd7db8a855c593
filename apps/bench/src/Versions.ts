/** What was measured, and on what. */
import { createRequire } from "node:module"

export interface Versions {
  readonly node: string
  readonly bun: string
  readonly effect: string
  readonly "@effect/platform-node": string
  readonly "@portico/core": string
}

const require = createRequire(import.meta.url)

const installed = (name: string): string => require(`${name}/package.json`).version

export const describe = (): Versions => ({
  node: process.versions.node,
  bun: installed("bun"),
  effect: installed("effect"),
  "@effect/platform-node": installed("@effect/platform-node"),
  "@portico/core": installed("@portico/core")
})
