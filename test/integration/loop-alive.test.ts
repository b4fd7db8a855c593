/** When a program ends by itself: once nothing that is ref'd is left (LOOP-01, LOOP-02). */
import { describe, expect, it } from "vitest"
import { connect, receive } from "./Client.ts"
import { file, hosts, Program } from "./Program.ts"

describe.for(hosts)("a program on %s", { concurrent: true }, (host) => {
  it("ends by itself when its only listener is unref'd", async () => {
    await using program = new Program(file(`programs/listen.${host}.ts`, host, "unref"))
    expect(await program.line()).toMatch(/^listening tcp:/)
    expect(await program.exit).toEqual({ code: 0, signal: null })
    expect(program.warnings).toBe("")
  }, 90_000)

  it.for(["ref", "ref again"])("stays while it listens (%s)", { timeout: 90_000 }, async (mode) => {
    await using program = new Program(file(`programs/listen.${host}.ts`, host, mode))
    const url = new URL((await program.line()).slice("listening ".length))
    const address = { host: url.hostname, port: Number(url.port) }
    // By the second answer the loop has come round, and had its chance to end.
    for (let turn = 0; turn < 2; turn += 1) {
      const answer = await receive(await connect(address), 5)
      expect(answer.toString()).toBe("hello")
    }
    program.kill("SIGKILL")
    expect(await program.exit).toEqual({ code: null, signal: "SIGKILL" })
  })
})
