import { describe, expect, it, vi } from "vitest"
import * as Layer from "./LayerRules.ts"
import { packageOf, sample, typescript } from "./Repository.ts"

// All sources are read, which takes a busy machine its time.
vi.setConfig({ testTimeout: 90_000 })

const packages = ["core", "node", "bun", "sim", "testkit"]

const source = (name: string, ...lines: ReadonlyArray<string>) =>
  sample(`packages/${name}/src/port/Sample.ts`, ...lines)

const program = (...lines: ReadonlyArray<string>) => sample("apps/echo/src/Program.ts", ...lines)

describe("the repository", () => {
  it.each(packages)("has sources of %s for the rules to read", (name) => {
    expect(typescript.some((file) => packageOf(file) === name)).toBe(true)
  })

  it.each([
    ["packageImports", Layer.packageImports],
    ["programImports", Layer.programImports],
    ["hostGlobals", Layer.hostGlobals],
    ["hostSniffing", Layer.hostSniffing]
  ] as const)("keeps to %s", (_, rule) => {
    expect(typescript.flatMap(rule)).toStrictEqual([])
  })

  it.each(packages)("names error codes in one file of %s at most", (name) => {
    expect(Layer.errorCodes(typescript.filter((file) => packageOf(file) === name))).toStrictEqual(
      []
    )
  })
})

describe("packageImports", () => {
  it.each([
    ["core", "node:net"],
    ["core", "@portico/node"],
    ["core", "effective"],
    ["core", "../../../node/src/index.ts"],
    ["sim", "@portico/node"],
    ["sim", "node:net"],
    ["testkit", "vitest"],
    ["node", "@portico/bun"],
    ["node", "@portico/sim"],
    ["bun", "@portico/sim"],
    ["unknown", "effect"]
  ])("refuses %s importing %s", (name, specifier) => {
    expect(Layer.packageImports(source(name, `import "${specifier}"`))).toHaveLength(1)
  })

  it.each([
    ["core", "effect/Effect"],
    ["core", "../Address.ts"],
    ["sim", "@portico/core/port/Turn"],
    ["node", "node:net"],
    ["bun", "@portico/node"]
  ])("allows %s importing %s", (name, specifier) => {
    expect(Layer.packageImports(source(name, `import "${specifier}"`))).toHaveLength(0)
  })
})

describe("programImports", () => {
  it("allows the core and the app's own files, and no backend", () => {
    expect(Layer.programImports(program('import "@portico/core"', 'import "./a.ts"'))).toHaveLength(
      0
    )
    expect(Layer.programImports(program('import "@portico/node"'))).toHaveLength(1)
    expect(Layer.programImports(program('import "node:fs"'))).toHaveLength(1)
  })

  it("leaves the choice to main", () => {
    const main = sample("apps/echo/src/main.node.ts", 'import "@portico/node"')
    expect(Layer.programImports(main)).toHaveLength(0)
  })
})

describe("hostGlobals", () => {
  it.each([
    "Bun.listen()",
    "const now = Date.now()",
    "setTimeout(f, 1)",
    "const timer = setInterval",
    "const r = Math.random()",
    "console.log(1)",
    "const { env } = process",
    "`${Date.now()}`",
    "globalThis.process"
  ])("refuses %s", (line) => {
    expect(Layer.hostGlobals(source("core", line))).toHaveLength(1)
    expect(Layer.hostGlobals(source("node", line))).toHaveLength(0)
  })

  it.each([
    "// Bun pauses; Date does not",
    'const text = "Date"',
    "const d = DateTime.now",
    "x.process()",
    "interface A { readonly process: string; readonly fetch?: number }",
    "const seed = random()"
  ])("allows %s", (line) => {
    expect(Layer.hostGlobals(source("core", line))).toHaveLength(0)
  })
})

describe("hostSniffing", () => {
  it.each([
    'typeof Bun !== "undefined"',
    '"Bun" in globalThis',
    "process.versions.bun",
    "process.version",
    "globalThis.Bun",
    "navigator.userAgent"
  ])("refuses %s", (line) => {
    expect(Layer.hostSniffing(source("bun", line))).toHaveLength(1)
    expect(Layer.hostSniffing(program(line))).toHaveLength(1)
  })

  it("allows a host's own API in its package", () => {
    expect(Layer.hostSniffing(source("bun", "Bun.listen()", "// typeof Bun"))).toHaveLength(0)
  })
})

describe("errorCodes", () => {
  const knowing = source("node", 'const reasons = { ECONNREFUSED: 1, "EPIPE": 2 }')

  it("allows one file that knows them", () => {
    expect(Layer.errorCodes([knowing, source("node", "// EPIPE: the peer has gone")])).toHaveLength(
      0
    )
  })

  it("refuses a second", () => {
    expect(Layer.errorCodes([knowing, source("node", 'if (code === "EMFILE") f()')])).toHaveLength(
      2
    )
  })
})
