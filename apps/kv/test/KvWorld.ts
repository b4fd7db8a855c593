/** A server in the simulator, and its clients. */
import { SimBackend } from "@portico/sim"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import { expect } from "vitest"
import * as Program from "../src/Program.ts"
import { connect } from "./Client.ts"

const KiB = 1024
const MiB = 1024 * KiB

export const port = 6379

export const defaults: Program.Options = {
  listen: { host: "0.0.0.0", port },
  data: "/kv",
  processId: 1,
  sync: "always",
  rewriteBytesMin: 64 * MiB,
  memoryBytesMax: 64 * MiB,
  requestBytesMax: 1 * MiB,
  replyBytesMax: 1 * MiB,
  inputBytesMax: 4 * MiB,
  subscriberBytesMax: 64 * KiB,
  transactionBytesMax: 64 * KiB,
  connectionsMax: 100,
  idleTimeout: Duration.days(1),
  drainDeadline: Duration.seconds(5)
}

export const start = (overrides: Partial<Program.Options> = {}) =>
  Program.serve({ ...defaults, ...overrides })

/** A client of the server on this host. */
export const client = connect({ host: "127.0.0.1", port })

/** Runs a program with each of `seeds` seeds; any task that is ready may be the next. */
export const inEveryOrder = <E>(
  program: Effect.Effect<void, E, SimBackend.Services | Scope.Scope>,
  seeds = 10
) => {
  for (let seed = 1; seed <= seeds; seed++) {
    const exit = SimBackend.runSync(Effect.scoped(program), { seed, order: "random" })
    expect(exit, `seed ${seed}`).toStrictEqual(Exit.void)
  }
}
