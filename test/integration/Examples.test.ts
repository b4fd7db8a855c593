/** What the documents show is run: the README's program, and the files of `docs/examples`. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { readFileSync } from "node:fs"
import { connect } from "node:net"
import { createInterface } from "node:readline"
import { text as collect } from "node:stream/consumers"
import { expect, it, vi } from "vitest"

// Each waits for a process, which a busy machine lets wait.
vi.setConfig({ testTimeout: 90_000 })

const root = new URL("../../", import.meta.url).pathname
const text = (path: string): string => readFileSync(`${root}${path}`, "utf8")
const run = (path: string) =>
  spawn(process.execPath, ["-C", "source", path], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"]
  })

/** All that a program prints, once it has ended well. */
const printed = async (path: string): Promise<string> => {
  const program = run(path)
  const [output, [code]] = await Promise.all([collect(program.stdout), once(program, "close")])
  expect(code).toBe(0)
  return output
}

it.for([
  ["README.md", "echo.ts"],
  ["packages/sim/README.md", "simulate.ts"],
  ["docs/how-to/exchange-datagrams.md", "datagrams.ts"],
  ["docs/how-to/resolve-names.md", "names-in-the-simulator.ts"],
  ["docs/how-to/serve-tls.md", "tls.ts"],
  ["docs/how-to/run-blocking-work.md", "lanes.ts"],
  ["docs/how-to/use-files.md", "files.ts"],
  ["docs/how-to/talk-to-tasks.md", "lane-dialogues.ts"],
  ["docs/how-to/share-locks.md", "shared-lock.ts"],
  ["docs/how-to/watch-a-folder.md", "watch-a-folder.ts"],
  ["docs/how-to/check-a-history.md", "check-a-history.ts"],
  ["docs/how-to/read-a-trace.md", "read-a-trace.ts"],
  ["docs/how-to/inject-faults.md", "faults.ts"],
  ["docs/how-to/fail-disks.md", "failing-disks.ts"],
  ["docs/how-to/simulate-effect-programs.md", "rpc-in-the-simulator.ts"]
] as const)("%s shows docs/examples/%s to the letter", ([page, example]) => {
  const [, shown] = /```ts\n([\s\S]*?)```/.exec(text(page)) ?? []
  expect(shown).toBe(text(`docs/examples/${example}`))
})

it("a datagram that is lost is asked for again", async () => {
  expect(await printed("docs/examples/datagrams.ts")).toBe("hello, Ada\nreceived 2, dropped 0\n")
})

it("primes are counted in threads, and a count that takes too long is stopped", async () => {
  expect(await printed("docs/examples/lanes.ts")).toBe(
    "168 1229 9592\nEnded\n4 of 4 gave something\n"
  )
})

it("a file is replaced, read at positions, locked; a tree is walked", async () => {
  expect(await printed("docs/examples/files.ts")).toBe(
    `{ "port": 80 }
{ "port" … 8080 }
Busy
0 b, 1 c
Files.stat: NotFound
`
  )
})

it("what happens in a folder is told, and a rotated log is followed", async () => {
  expect(await printed("docs/examples/watch-a-folder.ts")).toBe(
    "Created inbox\nCreated inbox/letter\ninbox/letter is answer now\none, two, three\n"
  )
})

it("a task gives many results, asks the loop, and ends its own process alone", async () => {
  expect(await printed("docs/examples/lane-dialogues.ts")).toBe(
    `30 = 2 · 3 · 5
31 = 31
32 = 2 · 2 · 2 · 2 · 2
7 · 13, 7 · 11
{ signal: 'SIGSEGV', _tag: 'WorkerKilled' }
`
  )
})

it("threads and a fiber share a lock, which breaks when it is forgotten", async () => {
  expect(await printed("docs/examples/shared-lock.ts")).toBe(
    "1002000\nSharedMutex.withLock: Broken\n"
  )
})

it("a name is connected to by the address that answers", async () => {
  expect(await printed("docs/examples/names-in-the-simulator.ts")).toBe(
    `{
  found: [ '::1', '127.0.0.1' ],
  peer: 'tcp://127.0.0.1:4000',
  failure: 'Resolver.resolve dns:example.org?type=MX: ConnectionRefused'
}
`
  )
})

it("a stale read has no place in a history, and it is shown why", async () => {
  const page = text("docs/how-to/check-a-history.md")
  const [, shown] = /```text\n([\s\S]*?)```/.exec(page) ?? []
  expect(await printed("docs/examples/check-a-history.ts")).toBe(shown)
})

it("a trace is drawn as a page, with the crash and the partition in it", async () => {
  const page = readFileSync((await printed("docs/examples/read-a-trace.ts")).trim(), "utf8")
  expect(page).toMatch(/<b>1<\/b> crash.*<b>1<\/b> partition/)
})

it("a log that is not synced loses what it acknowledged", async () => {
  const page = text("docs/how-to/inject-faults.md")
  const [, shown] = /```text\n([\s\S]*?)```/.exec(page) ?? []
  expect(await printed("docs/examples/faults.ts")).toBe(shown)
})

it("a client without a deadline waits for a server that lost power", async () => {
  const page = text("packages/sim/README.md")
  const [, shown] = /```text\n([\s\S]*?)```/.exec(page) ?? []
  expect(await printed("docs/examples/simulate.ts")).toBe(shown)
})

it("settings written in place are neither old nor new", async () => {
  const page = text("docs/how-to/fail-disks.md")
  const [, shown] = /```text\n([\s\S]*?)```/.exec(page) ?? []
  expect(await printed("docs/examples/failing-disks.ts")).toBe(shown)
})

it("a call that failed in a partition counts when the network is back", async () => {
  const page = text("docs/how-to/simulate-effect-programs.md")
  const [, shown] = /```text\n([\s\S]*?)```/.exec(page) ?? []
  expect(await printed("docs/examples/rpc-in-the-simulator.ts")).toBe(shown)
})

it("a certificate is for its names, and for no other", async () => {
  expect(await printed("docs/examples/tls.ts")).toBe(
    "TLSv1.3 greet/1\nhello, Ada\nfor localhost and example.org, among others\n"
  )
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
