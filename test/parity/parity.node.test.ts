/**
 * The same programs on Node, on Bun, and in worlds of many seeds: they say the same. Where a
 * program is left open, what hosts say is among what the simulator says, and that is allowed.
 */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { SimBackend, type SimOptions } from "@portico/sim"
import { withoutLogs } from "@portico/testkit/Logs"
import { beforeAll, describe, expect, it } from "vitest"
import { differences, type WorldName } from "./differences.ts"
import { type Program, traceOf } from "./Program.ts"
import { programs } from "./programs.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const seeds = Number(process.env["PARITY_SEEDS"] ?? 10)

const tracesOf = async (command: string, main: string): Promise<ReadonlyMap<string, string>> => {
  const child = spawn(command, ["--conditions=source", `test/parity/${main}`], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"]
  })
  const [output, [code]] = await Promise.all([text(child.stdout), once(child, "close")])
  if (code !== 0) throw new Error(`${main} ended with ${code}`)
  return new Map(JSON.parse(output) as ReadonlyArray<[string, string]>)
}

let node: ReadonlyMap<string, string>
let bun: ReadonlyMap<string, string>

// One process a host, which runs all programs.
beforeAll(async () => {
  ;[node, bun] = await Promise.all([
    tracesOf(process.execPath, "main.node.ts"),
    tracesOf(`${root}/node_modules/.bin/bun`, "main.bun.ts")
  ])
}, 300_000)

const latencies = ["10 micros", "1 nanos", "3 millis"] as const

const optionsOf = (seed: number): SimOptions.SimOptions => ({
  seed,
  order: seed % 2 === 0 ? "fifo" : "random",
  latency: latencies[seed % 3]!,
  timeMax: "1 hour"
})

/** What the program says in worlds of these seeds. */
const inSim = (program: Program): ReadonlySet<string> =>
  new Set(
    Array.from({ length: seeds }, (_, seed) => {
      const { exit } = SimBackend.simulate(withoutLogs(traceOf(program)), optionsOf(seed))
      return exit._tag === "Success" ? exit.value : `halted: ${String(exit.cause)}`
    })
  )

const worlds = ["node", "bun", "sim"] as const
type Said = { readonly [world in WorldName]: ReadonlySet<string> }

/** What is wrong with what the worlds say, in words. */
const problemsOf = (program: Program, said: Said): ReadonlyArray<string> => {
  const declared = differences.filter((one) => one.program === program.name)
  const gone = declared.filter(({ trace, world }) => {
    return said[world].size !== 1 || !said[world].has(trace)
  })
  const others = worlds.filter((world) => !declared.some((one) => one.world === world))
  const { allowed } = program
  const wrong = others.flatMap((world) =>
    [...said[world]]
      .filter((trace) => (allowed === undefined ? !said.node.has(trace) : !said.sim.has(trace)))
      .map((trace) => `${world}: ${trace}`)
  )
  const beyond = [...said.sim].filter((trace) => allowed?.includes(trace) === false)
  return [
    ...gone.map(({ world }) => `differs no more: ${world}: ${[...said[world]].join(" | ")}`),
    ...(wrong.length > 0 ? [`node: ${[...said.node].join(" | ")}`, ...wrong] : []),
    ...beyond.map((trace) => `is not allowed: ${trace}`)
  ]
}

describe("every world says the same", () => {
  it.each(programs.map((program) => [program.name, program] as const))("%s", (_, program) => {
    const said = {
      node: new Set([node.get(program.name)!]),
      bun: new Set([bun.get(program.name)!]),
      sim: inSim(program)
    }
    expect(problemsOf(program, said)).toEqual([])
  })

  it("has programs with different names, and as many as are asked for", () => {
    expect(new Set(programs.map(({ name }) => name)).size).toBe(programs.length)
    expect(programs.length).toBeGreaterThanOrEqual(150)
  })

  it("looks at what is left open: two orders in the simulator, and one of them on hosts", () => {
    const open = programs.filter(({ allowed }) => allowed !== undefined)
    expect(open.map((program) => [...inSim(program)].toSorted())).toEqual(
      open.map(({ allowed }) => allowed!.toSorted())
    )
  })

  it("declares differences of programs that there are", () => {
    const names = new Set(programs.map(({ name }) => name))
    expect(differences.filter(({ program }) => !names.has(program))).toEqual([])
  })
})
