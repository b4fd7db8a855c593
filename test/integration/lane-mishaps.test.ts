/**
 * Tasks that end their threads, that do not stop and that run out of memory, among others: each
 * caller gets its own answer, the lane is as strong as before, and nothing is left.
 *
 * `TASKS=1000` runs so many; without it few, since each lost thread takes part of a second.
 */
import { describe, expect, it } from "vitest"
import { file, hosts, Program } from "./Program.ts"

const tasks = Number(process.env["TASKS"] ?? 60)

describe.for(hosts)("on %s", (host) => {
  it("every task gets its own answer", { timeout: 60_000 + tasks * 300 }, async () => {
    await using program = new Program(file(`programs/mishaps.${host}.ts`, host, String(tasks)))
    // However long it takes: a line is waited for for 20 seconds only.
    expect(await program.exit).toEqual({ code: 0, signal: null })
    const outcome = JSON.parse(await program.line()) as Record<string, unknown>
    expect(outcome).toMatchObject({ wrong: [], held: 0, waiting: 0, left: 0 })
    expect(outcome).toMatchObject({ threads: 2, threadsLeft: 0 })
  })
})
