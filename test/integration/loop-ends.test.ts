/** What ends a program, and what keeps it: handles of every kind, and nothing else (LOOP-01). */
import { describe, expect, it } from "vitest"
import { file, hosts, Program } from "./Program.ts"

describe.for(hosts)("a program on %s", { concurrent: true }, (host) => {
  const start = (name: string) => new Program(file(`programs/loop.${host}.ts`, host, name))

  it.for(["nothing", "done"])(
    "that has nothing to do ends (%s)",
    { timeout: 90_000 },
    async (name) => {
      await using program = start(name)
      expect(await program.exit).toEqual({ code: 0, signal: null })
      expect(program.warnings).toBe("")
    }
  )

  it.for(["unrefTimer", "unrefWakeUp", "unrefCheck"])(
    "that waits for what is unref'd ends (%s)",
    { timeout: 90_000 },
    async (name) => {
      await using program = start(name)
      expect(await program.exit).toEqual({ code: 0, signal: null })
      expect(program.stdout).toBe("ready\n")
      expect(program.warnings).toBe("")
    }
  )

  it.for([
    ["timer", "Timer #1"],
    ["wakeUp", "WakeUp #1"],
    ["check", "PhaseHook #1 check"]
  ] as const)("that has a ref'd %s stays", { timeout: 90_000 }, async ([name, label]) => {
    await using program = start(name)
    expect(await program.line()).toBe("ready")
    // Two dumps, one after the other: the loop has had its chance to end.
    for (const dump of [1, 2]) {
      program.kill("SIGUSR2")
      await program.log("loop\n", dump)
    }
    expect(program.stderr).toContain(`kept alive by\n  ${label} is Open, opened at`)
    program.kill("SIGTERM")
    expect(await program.exit).toEqual({ code: 0, signal: null })
  })
})
