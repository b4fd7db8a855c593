/** Portico on Node. */
export * as NodeBackend from "./NodeBackend.ts"
