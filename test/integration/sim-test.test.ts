/** A simulated test that fails: what it says, and the command that repeats it. */
import { spawnSync } from "node:child_process"
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs"
import { join } from "node:path"
import { stripVTControlCharacters } from "node:util"
import { afterEach, expect, it } from "vitest"

const root = new URL("../../", import.meta.url).pathname
const corpus = join(root, "docs/examples/.sim")
const timeout = 60_000

const run = (settings: { readonly [name: string]: string } = {}) => {
  const config = "test/integration/programs/withdraw.vitest.config.ts"
  const vitest = join(root, "node_modules/vitest/vitest.mjs")
  const child = spawnSync(process.execPath, [vitest, "run", "--config", config], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, ...settings, FORCE_COLOR: "0", VITEST: undefined }
  })
  return { status: child.status, output: stripVTControlCharacters(child.stdout + child.stderr) }
}

afterEach(() => rmSync(corpus, { recursive: true, force: true }))

it("the how-to shows docs/examples/withdraw.test.ts, and what it says", { timeout }, () => {
  const page = readFileSync(join(root, "docs/how-to/replay-a-seed.md"), "utf8")
  const [, program] = /```ts\n([\s\S]*?)```/.exec(page) ?? []
  expect(program).toBe(readFileSync(join(root, "docs/examples/withdraw.test.ts"), "utf8"))
  const [, said] = /```text\n([\s\S]*?)```/.exec(page) ?? []
  const { output, status } = run()
  expect(status).toBe(1)
  // Which strategy is the first to find it, the portfolio's shares decide.
  const withoutFigures = (text: string) =>
    text
      .replaceAll(/strategy [\w:]+/g, "strategy")
      .replaceAll(/\d+/g, "#")
      .replaceAll(/ +/g, " ")
  for (const line of said!.trimEnd().split("\n")) {
    expect(withoutFigures(output)).toContain(withoutFigures(line))
  }
})

it("the command that a failure names repeats it, step by step", { timeout }, () => {
  const first = run()
  const path = /SIM_REPLAY=(\S+)/.exec(first.output)?.[1]
  expect(path).toMatch(/^docs\/examples\/\.sim\/.*\.simreplay$/)
  expect(readdirSync(corpus).filter((name) => name.endsWith(".simreplay"))).toHaveLength(1)
  // Elsewhere, so that the corpus does not find it.
  const folder = mkdtempSync("/tmp/portico-sim-")
  const copy = join(folder, "a.simreplay")
  spawnSync("cp", [join(root, path!), copy])
  rmSync(corpus, { recursive: true })
  const again = run({ SIM_REPLAY: copy })
  rmSync(folder, { recursive: true })
  expect(again.status).toBe(1)
  expect(again.output).toContain("It was recorded earlier, and every step is as it was.")
})

it("what failed before is run first", { timeout }, () => {
  run()
  const again = run({ SIM_RUNS: "1", SIM_STRATEGY: "production" })
  expect(again.output).toContain("It was recorded earlier, and every step is as it was.")
})
