/** What the documents show is run: the README's program, and the files of `docs/examples`. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { connect } from "node:net"
import { createInterface } from "node:readline"
import { expect, it } from "vitest"

const root = new URL("../../", import.meta.url).pathname
const text = (path: string): string => readFileSync(`${root}${path}`, "utf8")
const run = (path: string) =>
  spawn(process.execPath, ["-C", "source", path], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"]
  })

it("the README shows docs/examples/echo.ts to the letter", () => {
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(text("README.md")) ?? []
  expect(shown).toBe(text("docs/examples/echo.ts"))
})

it("the README's program echoes, and ends with 0 on SIGTERM", async () => {
  const server = run("docs/examples/echo.ts")
  const [line] = (await once(createInterface({ input: server.stdout }), "line")) as [string]
  const client = connect(Number(/:(\d+)$/.exec(line)![1]), "127.0.0.1")
  client.end("over there")
  const echoed: Array<Buffer> = []
  for await (const chunk of client) echoed.push(chunk)
  expect(Buffer.concat(echoed).toString()).toBe("over there")
  server.kill("SIGTERM")
  expect(await once(server, "exit")).toEqual([0, null])
})

it("the simulated hour takes no time", async () => {
  const simulated = run("docs/examples/echo-in-the-simulator.ts")
  const [line] = (await once(createInterface({ input: simulated.stdout }), "line")) as [string]
  expect(line).toBe("{ greeting: Uint8Array(2) [ 104, 105 ], connections: 0 }")
})
