import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { expect, it } from "vitest"

const run = promisify(execFile)
const program = fileURLToPath(new URL("digests.ts", import.meta.url))
const root = fileURLToPath(new URL("../../../..", import.meta.url))

it("diagrams and exports are the same, byte for byte, on Node and on Bun", async () => {
  const [node, bun] = await Promise.all([
    run(process.execPath, ["--conditions=source", program], { cwd: root }),
    run(`${root}/node_modules/.bin/bun`, ["--conditions=source", program], { cwd: root })
  ])
  const digests = JSON.parse(node.stdout) as ReadonlyArray<number>
  expect(new Set(digests).size).toBe(2)
  expect(JSON.parse(bun.stdout)).toEqual(digests)
}, 90_000)
