/** The same worlds on Node and on Bun. */
import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import type { Outcome, Seeds } from "./runSeeds.ts"

const root = fileURLToPath(new URL("../../..", import.meta.url))
const program = fileURLToPath(new URL("run.ts", import.meta.url))
const commands = { node: process.execPath, bun: `${root}/node_modules/.bin/bun` }

/** Runs the worlds of those seeds, each twice, in a process of that host's. */
export const runOn = async (
  host: keyof typeof commands,
  { count, first }: Seeds
): Promise<Outcome> => {
  const flags = ["--conditions=source", program, String(count), String(first)]
  const { stdout } = await promisify(execFile)(commands[host], flags, { cwd: root })
  return JSON.parse(stdout) as Outcome
}

/** What is wrong with that, in words; nothing, if both hosts had the same runs, twice. */
export const problemsOf = (node: Outcome, bun: Outcome): ReadonlyArray<string> => [
  ...(node.hash === bun.hash ? [] : [`Node has ${node.hash}, and Bun ${bun.hash}`]),
  ...node.unstable.map((seed) => `seed ${seed} went otherwise the second time on Node`),
  ...bun.unstable.map((seed) => `seed ${seed} went otherwise the second time on Bun`)
]
