/** Who asks for `node:ffi`. */
import { isAskedFor } from "@portico/node/file/FfiFile"
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { describe, expect, it } from "vitest"
import { ffi } from "./nodeCache.ts"

const main = fileURLToPath(new URL("CachedReadsMain.ts", import.meta.url))

/** What a program prints that reads a file by `NodeBackend`. */
const run = (options: ReadonlyArray<string>, nodeOptions?: string) => {
  const env = { ...process.env, NODE_OPTIONS: nodeOptions ?? "" }
  const command = ["--conditions=source", ...options, main]
  const { status, stderr, stdout } = spawnSync(process.execPath, command, { env })
  return { status, told: String(stdout), warns: String(stderr).includes("FFI") }
}

describe("a program that reads files on Node", () => {
  it("is asked for by Node's flag alone", () => {
    expect(isAskedFor([], undefined)).toBe(false)
    expect(isAskedFor(["--no-experimental-ffi"], "--max-old-space-size=100")).toBe(false)
    expect(isAskedFor(["--experimental-ffi"], undefined)).toBe(true)
    expect(isAskedFor([], " --no-warnings  --experimental-ffi")).toBe(true)
  })

  it("loads no FFI that it did not ask for", () => {
    expect(run([])).toEqual({ status: 0, told: "the same\n", warns: false })
  })

  it.runIf(ffi !== undefined && process.platform === "linux")("loads it where it did", () => {
    const read = { status: 0, told: "the same\n", warns: true }
    expect(run(["--experimental-ffi"])).toEqual(read)
    expect(run([], "--experimental-ffi")).toEqual(read)
  })

  it.runIf(ffi !== undefined)("does without it where Node's permissions refuse it", () => {
    const { status, told } = run([
      "--experimental-ffi",
      "--permission",
      "--allow-fs-read=*",
      "--allow-fs-write=*",
      "--allow-worker"
    ])
    expect({ status, told }).toEqual({ status: 0, told: "the same\n" })
  })
})
