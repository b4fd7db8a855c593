/** `pnpm demo`: every app on Node, on Bun and in the simulator, driven by the same client. */
import * as NodeServices from "@effect/platform-node/NodeServices"
import { NodeBackend } from "@portico/node"
import * as Effect from "effect/Effect"
import type { ChildProcessSpawner } from "effect/process/ChildProcessSpawner"
import type { Services } from "@portico/core/BackendLayer"
import * as Demo from "./Demo.ts"
import { digestNotes, digestTrials } from "./DigestTrials.ts"
import { echoNotes, echoTrials } from "./EchoTrials.ts"
import { kvNotes, kvTrials } from "./KvTrials.ts"
import { relayNotes, relayTrials } from "./RelayTrials.ts"
import { resolverNotes, resolverTrials } from "./ResolverTrials.ts"
import { tailNotes, tailTrials } from "./TailTrials.ts"
import { tftpNotes, tftpTrials } from "./TftpTrials.ts"
import type { Trial } from "./Trial.ts"

const terminal = {
  columnsMax: 100,
  isColoured: process.stdout.isTTY && process.env["NO_COLOR"] === undefined
}

const trials: ReadonlyArray<Trial<Services | ChildProcessSpawner>> = [
  ...echoTrials,
  ...relayTrials,
  ...resolverTrials,
  ...kvTrials,
  ...tailTrials,
  ...tftpTrials,
  ...digestTrials
]
const notes = [
  ...echoNotes,
  ...relayNotes,
  ...resolverNotes,
  ...kvNotes,
  ...tailNotes,
  ...tftpNotes,
  ...digestNotes
]

Demo.run(trials, notes, terminal).pipe(Effect.provide(NodeServices.layer), NodeBackend.runMain)
