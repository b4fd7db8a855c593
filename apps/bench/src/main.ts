/** `pnpm bench <suite> [--json]` */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import * as NodeServices from "@effect/platform-node/NodeServices"
import { Command, Flag } from "effect/cli"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"
import { files } from "./files/Files.ts"
import { kv } from "./kv/Kv.ts"
import { pool } from "./pool/Pool.ts"
import { resolver } from "./resolver/Resolver.ts"
import * as Runner from "./Runner.ts"
import { scheduler } from "./scheduler/Scheduler.ts"
import { sim } from "./sim/Sim.ts"
import type { Suite } from "./Suite.ts"
import * as Table from "./Table.ts"
import { tcpEcho } from "./tcp-echo/TcpEcho.ts"
import { tlsEcho } from "./tls-echo/TlsEcho.ts"
import { udpEcho } from "./udp-echo/UdpEcho.ts"

const suites: ReadonlyArray<Suite> = [
  tcpEcho,
  udpEcho,
  tlsEcho,
  resolver,
  files,
  kv,
  pool,
  scheduler,
  sim
]

/** Those that were asked for by name, or all. */
const chosen = <A extends { readonly name: string }>(
  items: ReadonlyArray<A>,
  names: ReadonlyArray<string>
): ReadonlyArray<A> => (names.length === 0 ? items : items.filter((it) => names.includes(it.name)))

const several = (name: string, items: ReadonlyArray<{ readonly name: string }>) =>
  Flag.Literals(
    name,
    items.map((it) => it.name)
  ).pipe(Flag.atLeast(0), Flag.withDescription(`Only this ${name}; may be given several times`))

const positive = (value: number) => value > 0

const subcommand = (suite: Suite) =>
  Command.make(
    suite.name,
    {
      json: Flag.Boolean("json").pipe(
        Flag.withDefault(false),
        Flag.withDescription("Print the report as JSON and nothing else on standard output")
      ),
      rounds: Flag.Int("rounds").pipe(
        Flag.filter(positive, (value) => `Expected a positive number of rounds, got ${value}`),
        Flag.withDefault(5),
        Flag.withDescription("Turns of each contestant in each case")
      ),
      seconds: Flag.Finite("seconds").pipe(
        Flag.filter(positive, (value) => `Expected a positive number of seconds, got ${value}`),
        Flag.withDefault(1),
        Flag.withDescription("Length of the timed window of a turn")
      ),
      cases: several("case", suite.cases),
      contestants: several("contestant", suite.contestants)
    },
    ({ cases, contestants, json, rounds, seconds }) =>
      Effect.gen(function* () {
        const selected: Suite = {
          ...suite,
          cases: chosen(suite.cases, cases),
          contestants: chosen(suite.contestants, contestants)
        }
        const report = yield* Runner.run(selected, { rounds, seconds })
        yield* Console.log(json ? JSON.stringify(report, null, 2) : Table.render(selected, report))
      })
  ).pipe(Command.withDescription(suite.summary))

const bench = Command.make("bench").pipe(
  Command.withDescription(
    "Measures Portico against the raw hosts, and against Effect's own sockets and scheduler"
  ),
  Command.withSubcommands(suites.map(subcommand))
)

Command.run(bench, { version: "0.0.0" }).pipe(
  // The default report goes through the logger, and so to standard output.
  Effect.tapErrorTag("Failure", (error) => Console.error(error.message)),
  Effect.provide(NodeServices.layer),
  NodeRuntime.runMain({ disableErrorReporting: true })
)
