/**
 * Ten thousand worlds, twice on each host: `node -C source test/parity/seeds/main.ts [count]`.
 * Prints one hash of all steps per host; exits 1 unless they are the same in all four runs.
 */
import { problemsOf, runOn } from "./onHosts.ts"

const count = Number(process.argv[2] ?? 10_000)
/** Of one process, which keeps what it knows of each seed until the second run. */
const countPerProcess = 1_000

let worlds = 0
let steps = 0
for (let first = 0; first < count; first += countPerProcess) {
  const seeds = { first, count: Math.min(countPerProcess, count - first) }
  const [node, bun] = await Promise.all([runOn("node", seeds), runOn("bun", seeds)])
  worlds += node.worlds
  steps += node.steps
  console.log(`${worlds} worlds, ${steps} steps; node ${node.hash}, bun ${bun.hash}`)
  for (const problem of problemsOf(node, bun)) {
    console.log(`FAIL ${problem}`)
    process.exitCode = 1
  }
}
