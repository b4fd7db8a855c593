export * as BunBackend from "./BunBackend.ts"
