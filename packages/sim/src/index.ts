/** Portico's ports in a deterministic simulator. */
export * as Sim from "./Sim.ts"
export * as SimBackend from "./SimBackend.ts"
export * as SimCapabilities from "./SimCapabilities.ts"
export * as SimHalt from "./SimHalt.ts"
export * as SimOptions from "./SimOptions.ts"
