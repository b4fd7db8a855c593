/** `pnpm demo`: a table, exit code 0, and never 0 when a byte differs. */
import { describe, expect, it } from "vitest"
import { until } from "./Poll.ts"
import * as Proc from "./Proc.ts"
import { demo, file, Program } from "./Program.ts"

describe("the demo", () => {
  it("shows every world, 100 columns wide and without colour", async () => {
    const apps = ["echo", "relay", "resolver", "kv", "tail", "tftp", "digest"]
    await using program = new Program(demo())
    const exit = await program.exit
    // The table names the trial that failed, and why.
    if (exit.code !== 0) console.error(program.stdout, program.stderr)
    expect(exit).toEqual({ code: 0, signal: null })
    for (const name of apps) {
      const clients = name === "tail" ? 8 : 64
      for (const world of ["node", "bun", "sim"]) {
        expect(program.stdout).toMatch(new RegExp(`^${name} +${world} +${clients} .* 0$`, "m"))
      }
    }
    expect(program.stdout).toMatch(/^All \d+ good/m)
    expect(program.stdout).not.toContain("\u001B")
    for (const line of program.stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(100)
  }, 240_000)

  it.skipIf(!Proc.isHere)(
    "ends its servers when it is told to stop (needs /proc)",
    async () => {
      await using program = new Program(demo())
      const started = (pids: ReadonlyArray<number>) => pids.length > 0
      const [server] = await until(() => Proc.children(program.pid), started)
      program.kill("SIGTERM")
      expect(await program.exit).toEqual({ code: 0, signal: null })
      expect(Proc.isRunning(server!)).toBe(false)
    },
    90_000
  )

  it("exits 1 and names the trial when a server flips a bit", async () => {
    await using program = new Program(file("programs/corrupt-demo.ts", "node"))
    expect(await program.exit).toEqual({ code: 1, signal: null })
    expect(program.stdout).toMatch(
      /^echo +corrupt +FAILED: NotAnEcho: Connection \d+: sent SHA-256/m
    )
    expect(program.stdout).toContain("1 of 1 failed.")
  }, 90_000)
})
