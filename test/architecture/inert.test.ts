import { spawnSync } from "node:child_process"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { describe, expect, it } from "vitest"
import { top } from "./Repository.ts"

const bun = join(dirname(createRequire(import.meta.url).resolve("bun/package.json")), "bin/bun.exe")

const hosts = {
  node: [process.execPath, "--no-warnings", "--conditions=source"],
  bun: [bun, "--conditions=source"]
} as const

// An unref'd timer keeps nothing alive, so a timer is caught when it is set.
const watch = `
for (const name of ["setTimeout", "setInterval", "setImmediate"])
  globalThis[name] = () => { console.log("set a timer: " + new Error().stack) }
`

// Only what stays takes so long, on a machine however busy.
const run = (host: keyof typeof hosts, program: string, timeout = 60_000) => {
  const [command, ...options] = hosts[host]
  const child = spawnSync(command, [...options, "--eval", watch + program], {
    cwd: join(top, "test"),
    encoding: "utf8",
    timeout
  })
  return { status: child.status, output: child.stdout + child.stderr }
}

const quiet = { status: 0, output: "" }

describe("importing a package does nothing", () => {
  it.each([
    ["@portico/core", "node"],
    ["@portico/core", "bun"],
    ["@portico/node", "node"],
    ["@portico/node", "bun"],
    ["@portico/bun", "bun"],
    ["@portico/sim", "node"],
    ["@portico/sim", "bun"],
    ["@portico/testkit", "node"],
    ["@portico/testkit", "bun"]
  ] as const)("%s on %s", { timeout: 90_000 }, (name, host) => {
    expect(run(host, `await import("${name}")`)).toStrictEqual(quiet)
  })
})

describe.each(["node", "bun"] as const)("the check on %s", { timeout: 90_000 }, (host) => {
  it("sees a module that does not resolve", () => {
    expect(run(host, 'await import("@portico/nothing")').status).not.toBe(0)
  })

  it("sees output and timers", () => {
    expect(run(host, "setTimeout(() => {}, 1)").output).toContain("set a timer")
  })

  it("sees a handle left open", () => {
    const program = '(await import("node:net")).createServer().listen(0)'
    expect(run(host, program, 1_000).status).toBe(null)
  })
})
