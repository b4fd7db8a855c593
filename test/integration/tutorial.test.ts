/** The tutorial: its files to the letter, its service on both hosts, its tests red and green. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { connect } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { stripVTControlCharacters } from "node:util"
import { afterAll, beforeAll, expect, it } from "vitest"
import { file, hosts, Program } from "./Program.ts"

const root = new URL("../../", import.meta.url).pathname
const examples = join(root, "docs/examples/tickets")
const timeout = 120_000

const forget = () => rmSync(join(examples, ".sim"), { recursive: true, force: true })

// A run that was killed leaves what it recorded, and the next would find it again.
beforeAll(forget)
afterAll(forget)

it.for([
  [
    "01-a-service-in-three-worlds.md",
    ["Tickets.ts", "main.node.ts", "main.bun.ts", "take.ts", "first-day.ts"]
  ],
  [
    "02-break-it-in-the-simulator.md",
    [
      "twoDays.ts",
      "tickets.test.ts",
      "OrderedTickets.ts",
      "outages.ts",
      "outages.test.ts",
      "SafeTickets.ts",
      "safe.test.ts"
    ]
  ]
] as const)("%s shows its files to the letter", ([page, files]) => {
  const shown = readFileSync(join(root, "docs/tutorial", page), "utf8")
  const blocks = Array.from(shown.matchAll(/```ts\n([\s\S]*?)```/g), ([, code]) => code)
  expect(blocks).toStrictEqual(files.map((name) => readFileSync(join(examples, name), "utf8")))
})

const ticket = async (port: number) => text(connect(port, "127.0.0.1"))

it("a ticket follows the other, from one host to the other", { timeout }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "tickets-"))
  const tickets: Array<string> = []
  for (const host of hosts) {
    const command = file(`../../docs/examples/tickets/main.${host}.ts`, host, "0")
    await using service = new Program(["env", "-C", folder, ...command])
    const [, port] = /^Tickets are at tcp:\/\/127\.0\.0\.1:(\d+)$/.exec(await service.line()) ?? []
    tickets.push(await ticket(Number(port)), await ticket(Number(port)))
    service.kill("SIGINT")
    expect(await service.exit).toStrictEqual({ code: 0, signal: null })
  }
  rmSync(folder, { recursive: true })
  expect(tickets).toStrictEqual(["1\n", "2\n", "3\n", "4\n"])
})

it("its first day is quiet, its tests are red, and green in the end", { timeout: 280_000 }, () => {
  const day = spawnSync(process.execPath, ["-C", "source", join(examples, "first-day.ts")])
  expect(day.stdout.toString()).toBe("1 2 3\n")
  const config = "test/integration/programs/tickets.vitest.config.ts"
  const vitest = join(root, "node_modules/vitest/vitest.mjs")
  const { status, stderr, stdout } = spawnSync(
    process.execPath,
    [vitest, "run", "--config", config],
    {
      cwd: root,
      encoding: "utf8",
      // On a busy machine a world takes its time; what counts is that it is found. A fifth of the
      // worlds: nothing may be silent for minutes.
      env: {
        ...process.env,
        SIM_RUNS: "100",
        SIM_BUDGET: "30",
        FORCE_COLOR: "0",
        VITEST: undefined
      }
    }
  )
  const output = stripVTControlCharacters(stdout + stderr)
  expect(status).toBe(1)
  expect(output).toMatch(/ ✓ docs\/examples\/tickets\/safe\.test\.ts \(2 tests\)/)
  expect(output).toMatch(/❯ docs\/examples\/tickets\/tickets\.test\.ts \(1 test \| 1 failed\)/)
  expect(output).toMatch(/❯ docs\/examples\/tickets\/outages\.test\.ts \(1 test \| 1 failed\)/)
  expect(
    output.match(/SimulationFailed: Does not always hold: no ticket is given twice/g)
  ).toHaveLength(2)
  const shown = readFileSync(join(root, "docs/tutorial/02-break-it-in-the-simulator.md"), "utf8")
  const found = Array.from(
    output.matchAll(/Seed \d+, strategy \S+, \d+ steps\./g),
    ([line]) => line
  )
  expect(found).toHaveLength(2)
  expect(found.filter((line) => !shown.includes(line))).toStrictEqual([])
  expect(output).toContain("Its diagram: docs/examples/tickets/.sim/every-client-has")
})
