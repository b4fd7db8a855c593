/** `runSeeds` as a process: how many, and the first. Prints the outcome. */
import { runSeeds } from "./runSeeds.ts"

const [count = 0, first = 0] = process.argv.slice(2).map(Number)
process.stdout.write(JSON.stringify(runSeeds({ first, count })))
