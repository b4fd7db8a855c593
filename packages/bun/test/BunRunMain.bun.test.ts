/** Each test starts a process, as a user does; that is what its time goes to. */
import { expect, it } from "vitest"

const script = new URL("./Main.ts", import.meta.url).pathname

const start = (program: string) =>
  Bun.spawn([process.execPath, "--conditions=source", script, program], { stderr: "pipe" })

const run = async (program: string) => {
  const child = start(program)
  const out = await new Response(child.stdout).text()
  const error = await new Response(child.stderr).text()
  return { out, error, code: await child.exited }
}

it("a program that ends: 0", async () => {
  expect(await run("ends")).toEqual({ out: "done\n", error: "", code: 0 })
})

it("a program that fails: its cause on standard error, 1", async () => {
  const { code, error } = await run("fails")
  expect(code).toBe(1)
  expect(error).toContain("on purpose")
})

it("nothing but unref'd handles: finalizers run, 0", async () => {
  expect(await run("idle")).toEqual({ out: "finalized\n", error: "", code: 0 })
})

it("nothing that could wake it: a line on standard error, 13", async () => {
  const { code, error } = await run("stuck")
  expect(code).toBe(13)
  expect(error).toContain("no handle or timer is left")
})

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  it(`${signal}: finalizers run, 0`, async () => {
    const child = start("serving")
    let out = ""
    for await (const chunk of child.stdout) {
      out += new TextDecoder().decode(chunk)
      if (out === "ready\n") child.kill(signal)
    }
    expect(out).toBe("ready\nfinalized\n")
    expect(await child.exited).toBe(0)
  })
}
