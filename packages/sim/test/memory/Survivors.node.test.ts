import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { expect, it } from "vitest"

const program = fileURLToPath(new URL("survivors.ts", import.meta.url))
const root = fileURLToPath(new URL("../../../..", import.meta.url))

/** One that survives has 25,000 bytes (one host) to 150,000 (two), and doubles what a run costs. */
const bytesMax = 15_000

it("worlds that are over are freed by a minor collection", { timeout: 30_000 }, async () => {
  const flags = ["--expose-gc", "--conditions=source", program]
  const { stdout } = await promisify(execFile)(process.execPath, flags, { cwd: root })
  const left = JSON.parse(stdout) as ReadonlyArray<number>
  expect(left).toHaveLength(3)
  expect(left.filter((bytes) => bytes > bytesMax)).toEqual([])
})
