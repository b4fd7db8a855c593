/** Runs the simulated tests of the tutorial: two that fail, and those that hold in the end. */
import { exampleTests } from "./exampleTests.ts"

export default exampleTests("docs/examples/tickets/*.test.ts")
