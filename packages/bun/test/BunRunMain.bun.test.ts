/** Each test starts a process, as a user does; that is what its time goes to. */
import { expect, it } from "vitest"

const script = new URL("./Main.ts", import.meta.url).pathname

const start = (program: string) =>
  Bun.spawn([process.execPath, "--conditions=source", script, program], { stderr: "pipe" })

/** On a busy machine any fiber may hold the loop, and be named for it. */
const withoutBlames = (text: string) => text.replaceAll(/^.*The event loop was held .*\n/gm, "")

/** Runs a program; sends the signals in turn, each when the next line was printed. */
const run = async (program: string, ...signals: ReadonlyArray<NodeJS.Signals>) => {
  const child = start(program)
  const error = new Response(child.stderr).text()
  const left = [...signals]
  let out = ""
  for await (const chunk of child.stdout) {
    out += new TextDecoder().decode(chunk)
    const signal = left.shift()
    if (signal !== undefined) child.kill(signal)
  }
  return { out, error: withoutBlames(await error), code: await child.exited }
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
  expect(error).toMatch(/fiber #\d+ "nobody answers" has waited \d+ ms inside Effect/)
})

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  it(`${signal}: finalizers run, 0`, async () => {
    expect(await run("serving", signal)).toEqual({ out: "ready\nfinalized\n", error: "", code: 0 })
  })
}

it("a second signal: what kept it alive on standard error, 143", async () => {
  const { code, error, out } = await run("stubborn", "SIGTERM", "SIGTERM")
  expect([code, out]).toEqual([143, "ready\nfinalizing\n"])
  expect(error).toContain("Left at the second signal, SIGTERM, while kept alive by\n")
  expect(error).toMatch(/\n  fiber #\d+ in Effect.sleep, 60 min left\n/)
})

it("a foreign timer does not hold it after a signal, and Bun does not name it: 0", async () => {
  const error =
    "Left 1000 ms after the end, while kept alive by\n  something that the host does not name\n"
  expect(await run("held", "SIGTERM")).toEqual({ out: "ready\n", error, code: 0 })
})
