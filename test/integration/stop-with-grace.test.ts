/** The program of `docs/how-to/stop-with-grace.md`, as it is shown there. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"
import { expect, it, vi } from "vitest"
import { connect, exchange } from "./Client.ts"

// Each waits for a process, which a busy machine lets wait.
vi.setConfig({ testTimeout: 90_000 })

const root = fileURLToPath(new URL("../..", import.meta.url))
const path = "docs/examples/stop-with-grace.ts"
const text = (file: string): string => readFileSync(`${root}${file}`, "utf8")

it("the page shows it to the letter", () => {
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(text("docs/how-to/stop-with-grace.md")) ?? []
  expect(shown).toBe(text(path))
})

it("asked to stop, it ends idle connections, reports, and exits with 0", async () => {
  const server = spawn(process.execPath, ["-C", "source", path], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"]
  })
  try {
    const lines: Array<string> = []
    const output = createInterface({ input: server.stdout }).on("line", (line) => lines.push(line))
    await once(output, "line")
    const client = await connect({ port: Number(/:(\d+)$/.exec(lines[0]!)![1]) })
    // Answered, its handler waits for the next request.
    expect(await exchange(client, "a")).toBe("a")
    const ended = once(client.resume(), "end")
    const stopped = Promise.all([once(server, "exit"), once(output, "close")])
    server.kill("SIGTERM")
    await ended
    client.end()
    expect((await stopped)[0]).toEqual([0, null])
    expect(lines.slice(1)).toEqual([
      expect.stringMatching(/^Stopped 2 of 2 parts in \d+ ms$/),
      expect.stringMatching(/^server: finished after \d+ ms$/),
      expect.stringMatching(/^store: finished after \d+ ms$/)
    ])
  } finally {
    server.kill("SIGKILL")
  }
})
