/** Another thread wakes the loop: in order, many times as one, and not once it is closed. */
import { describe, expect, it } from "vitest"
import { file, hosts, Program } from "./Program.ts"

const told = [
  "notified true true true",
  "woken 2 by 1",
  "woken 0 by 1",
  "woken 1 by 1",
  "woken 0 by 1000",
  "notified false true",
  "woken 1 by 1",
  ""
]

describe.for(hosts)("wake-ups by a thread on %s", { concurrent: true }, (host) => {
  it("come in order, coalesce, are refused once closed; unref'd ones let it end", async () => {
    await using program = new Program(file(`programs/loop.${host}.ts`, host, "wakes"))
    expect(await program.exit).toEqual({ code: 0, signal: null })
    expect(program.stdout.split("\n")).toEqual(told)
  }, 90_000)
})
