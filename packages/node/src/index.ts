/** Portico on Node. */
export * as NodeBackend from "./NodeBackend.ts"
export { runMainWith } from "./NodeRunMain.ts"
