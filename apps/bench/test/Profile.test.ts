import { describe, expect, it } from "vitest"
import { summarise } from "../src/servers/Profile.ts"

const node = (id: number, functionName: string, url: string) => ({
  id,
  callFrame: { functionName, url, scriptId: "", lineNumber: 0, columnNumber: 0 }
})

describe("a profile", () => {
  it("adds each sample's time to the owner of its function", () => {
    const nodes = [
      node(1, "(idle)", ""),
      node(2, "read", "file:///work/packages/core/src/Reader.ts"),
      node(3, "run", "file:///work/node_modules/.pnpm/effect@4/node_modules/effect/dist/Fiber.js"),
      node(4, "echo", "file:///work/apps/bench/src/servers/portico.ts"),
      node(5, "onread", "node:internal/stream_base_commons"),
      node(6, "(garbage collector)", ""),
      node(7, "(program)", ""),
      // What sampling itself takes is nobody's.
      node(8, "post", "node:inspector")
    ]
    const samples = [8, 1, 2, 3, 4, 5, 6, 7]
    const timeDeltas = [100_000, 1, 2, 4, 8, 16, 32, 64]
    const profile = summarise({ nodes, startTime: 0, endTime: 100_127, samples, timeDeltas })
    expect(profile).toStrictEqual({
      portico: 2,
      effect: 4,
      program: 8,
      host: 16,
      collector: 32,
      busy: 126
    })
  })
})
