/** Each test starts a process, as a user does; that is what its time goes to. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { text } from "node:stream/consumers"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"

const script = fileURLToPath(new URL("./Main.ts", import.meta.url))

// A program that does not end, where a test fails, must not outlive the tests.
const patience = { timeout: 20_000, killSignal: "SIGKILL" } as const

/** On a busy machine any fiber may hold the loop, and be named for it. */
const withoutBlames = (text: string) => text.replaceAll(/^.*The event loop was held .*\n/gm, "")

interface Outcome {
  readonly out: string
  readonly error: string
  readonly code: number | null
}

/** Runs a program; sends the signals in turn, each when the next line was printed. */
const run = async (
  program: string,
  ...signals: ReadonlyArray<NodeJS.Signals>
): Promise<Outcome> => {
  const child = spawn(process.execPath, ["--conditions=source", script, program], patience)
  const exit = once(child, "exit") as Promise<[number | null]>
  const error = text(child.stderr)
  let out = ""
  const left = [...signals]
  for await (const chunk of child.stdout) {
    out += String(chunk)
    const signal = left.shift()
    if (signal !== undefined) child.kill(signal)
  }
  const [code] = await exit
  return { out, error: withoutBlames(await error), code }
}

describe("a program that ends by itself", () => {
  it("with success: 0", async () => {
    expect(await run("ends")).toEqual({ out: "done\n", error: "", code: 0 })
  })

  it("with a failure or a defect: its cause on standard error, 1", async () => {
    const [failed, died] = await Promise.all([run("fails"), run("dies")])
    expect([failed.code, failed.out, died.code]).toEqual([1, "", 1])
    expect(failed.error).toContain("on purpose")
    expect(died.error).toContain("a bug")
  })

  it("with an error that names its exit code: that one", async () => {
    const { code, error } = await run("fails7")
    expect(code).toBe(7)
    expect(error).toContain("seven")
  })

  it("by interrupting itself: 1", async () => {
    expect((await run("interrupts")).code).toBe(1)
  })
})

it("logs go to standard error, and standard output is the program's", async () => {
  const { code, error, out } = await run("logs")
  expect([code, out]).toEqual([0, "printed\n"])
  expect(error).toContain("told")
})

describe("a program that still waits when the loop is empty", () => {
  it("with nothing but unref'd handles: finalizers run, 0", async () => {
    expect(await run("idle")).toEqual({ out: "finalized\n", error: "", code: 0 })
  })

  it("for what cannot come: finalizers run, a line on standard error, 13", async () => {
    const { code, error, out } = await run("stuck")
    expect([code, out]).toEqual([13, "finalized\n"])
    expect(error).toMatch(/^The main fiber #(\d+) waits, and no handle or timer is left/)
    expect(error).toMatch(/Fibers:\n  fiber #\d+ "nobody answers" has waited \d+ ms inside Effect/)
    expect(error).toMatch(/at nobody answers \(.*\/Main\.ts:\d+:\d+\)/)
  })
})

describe.each([
  { signal: "SIGINT", forced: 130 },
  { signal: "SIGTERM", forced: 143 }
] as const)("$signal", ({ forced, signal }) => {
  it("drains servers and runs finalizers: 0", async () => {
    const outcome = await run("serving", signal)
    expect(outcome).toEqual({ out: "ready\nfinalized\n", error: "", code: 0 })
  })

  it(`a second time ends at once: ${forced}`, async () => {
    const { code, error, out } = await run("stubborn", signal, signal)
    expect([code, out]).toEqual([forced, "ready\nfinalizing\n"])
    expect(error).toContain(`Left at the second signal, ${signal}, while kept alive by\n`)
    expect(error).toMatch(/\n  fiber #\d+ in Effect.sleep, 60 min left\n/)
  })
})

it("a signal ends a process that a foreign timer would hold, and names it: 0", async () => {
  const error = "Left 1000 ms after the end, while kept alive by\n  Timeout\n"
  expect(await run("held", "SIGTERM")).toEqual({ out: "ready\nfinalized\n", error, code: 0 })
})

it("so it ends one whose host waits in a system call: 0", async () => {
  const error = "Left 1000 ms after the end, while kept alive by\n  FSReqCallback\n"
  expect(await run("opening", "SIGTERM")).toEqual({ out: "ready\n", error, code: 0 })
})

it("a finalizer that dies after a signal is told: 1", async () => {
  const { code, error } = await run("failingFinalizer", "SIGTERM")
  expect(code).toBe(1)
  expect(error).toContain("in a finalizer")
})
