/** Tests in which a scenario is run in many simulated worlds, for vitest. */
export { type Sim, sim } from "./SimTest.ts"
export type { SimTestOptions } from "./SimTestOptions.ts"
