/** Portico on Node. */
export * as NodeBackend from "./NodeBackend.ts"
export * as NodeScheduler from "./NodeScheduler.ts"
export { runMainWith } from "./NodeRunMain.ts"
