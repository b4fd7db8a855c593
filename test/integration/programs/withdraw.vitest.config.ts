/** Runs the simulated test that the documents show, which fails. */
import { exampleTests } from "./exampleTests.ts"

export default exampleTests("docs/examples/withdraw.test.ts")
