/** `pnpm demo`: every app on Node, on Bun and in the simulator, driven by the same client. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { NodeBackend } from "@portico/node"
import * as Effect from "effect/Effect"
import * as Demo from "./Demo.ts"
import { echoNotes, echoTrials } from "./EchoTrials.ts"
import { relayNotes, relayTrials } from "./RelayTrials.ts"
import { resolverNotes, resolverTrials } from "./ResolverTrials.ts"

const terminal = {
  columnsMax: 100,
  isColoured: process.stdout.isTTY && process.env["NO_COLOR"] === undefined
}

const trials = [...echoTrials, ...relayTrials, ...resolverTrials]
const notes = [...echoNotes, ...relayNotes, ...resolverNotes]

Demo.run(trials, notes, terminal).pipe(Effect.provide(NodeServices.layer), NodeBackend.runMain)
