/**
 * `HostScheduler` on Bun's loop, in one line: `Effect.provide(program, BunScheduler.layer())`. It
 * is Node's: Bun's `setImmediate`, microtasks and clock are the same, where the tests run it too.
 */
export { layer, ofThread } from "@portico/node/NodeScheduler"
