/** Portico's ports over Bun's own sockets. */
export * as BunBackend from "./BunBackend.ts"
export * as BunScheduler from "./BunScheduler.ts"
