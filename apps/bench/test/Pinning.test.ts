import { describe, expect, it } from "vitest"
import { parseCores, pin } from "../src/Pinning.ts"

describe("Pinning", () => {
  it("reads the kernel's lists of cores", () => {
    expect(parseCores(" 0,1\n")).toStrictEqual([0, 1])
    expect(parseCores("0-2,5,7-8")).toStrictEqual([0, 1, 2, 5, 7, 8])
    expect(parseCores("")).toStrictEqual([])
  })

  it("puts a role on its own core", () => {
    const pinning = { subject: 0, load: 3 }
    expect(pin(["node", "a.ts"], pinning, "load")).toStrictEqual([
      "taskset",
      "-c",
      "3",
      "node",
      "a.ts"
    ])
  })

  it("leaves the command alone where nothing can be pinned", () => {
    expect(pin(["node", "a.ts"], undefined, "load")).toStrictEqual(["node", "a.ts"])
  })
})
