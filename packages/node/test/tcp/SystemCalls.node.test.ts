/** What the kernel is asked for: no behaviour shows it, and a tracer does. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import * as Net from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterAll, beforeAll, describe, expect, it } from "vitest"

const rounds = 20
const messageBytes = 64
const mark = /^write\(1<.*>, "mark/m

// Missing, or the system does not let us trace: then there is nothing to test with.
const canTrace = spawnSync("strace", ["-e", "trace=none", "true"]).status === 0

const folder = mkdtempSync(join(tmpdir(), "portico-node-trace-"))
const script = fileURLToPath(new URL("./TracedEcho.ts", import.meta.url))
let traced: ReadonlyArray<string> = []
let echo: number | undefined

const trace = (file: string): ChildProcess => {
  const calls = "trace=write,writev,sendto,sendmsg,read,recvfrom,recvmsg,epoll_ctl"
  const node = [process.execPath, "--conditions=source", script]
  // Through a ring libuv's calls of epoll_ctl would not be seen.
  const env = { ...process.env, UV_USE_IO_URING: "0" }
  // Only the loop's thread, or calls of two threads break each other's lines; and what each
  // descriptor is (-yy), because the loop's thread reads files of its own as well.
  const options = ["-yy", "-e", calls, "-e", "signal=none", "-o", file, ...node]
  return spawn("strace", options, { env, stdio: ["ignore", "pipe", "inherit"] })
}

/** One message, and the whole of its answer. */
const exchange = async (socket: Net.Socket, first: string): Promise<void> => {
  socket.write(first.padEnd(messageBytes, "."))
  let left = 2 * messageBytes
  while (left > 0) {
    const [chunk] = (await once(socket, "data")) as [Buffer]
    left -= chunk.length
  }
}

beforeAll(async () => {
  if (!canTrace) return
  const file = join(folder, "trace")
  const child = trace(file)
  const [line] = (await once(child.stdout!, "data")) as [Buffer]
  const [port, pid] = line.toString().split(" ").map(Number)
  echo = pid
  const socket = Net.connect({ port: port!, host: "127.0.0.1" })
  await once(socket, "connect")
  await exchange(socket, "warm")
  for (let round = 0; round <= rounds; round++) {
    await exchange(socket, round === 0 || round === rounds ? "!" : ".")
  }
  socket.destroy()
  // strace ends with the process that it traces, not the other way round.
  const exit = once(child, "exit")
  process.kill(pid!, "SIGTERM")
  await exit
  echo = undefined
  // From one mark to the next: `rounds` answers and `rounds` messages.
  traced = readFileSync(file, "utf8").split(mark)[1]?.split("\n").slice(1, -1) ?? []
}, 90_000)

afterAll(() => {
  if (echo !== undefined) process.kill(echo, "SIGKILL")
  rmSync(folder, { recursive: true, force: true })
})

/** The results of the connection's calls that moved something, by name. */
const moved = (name: RegExp): Array<number> =>
  traced
    .filter((line) => name.test(line))
    .map((line) => Number(/ = (\d+)$/.exec(line)?.[1] ?? 0))
    .filter((count) => count > 0)

describe.skipIf(!canTrace)("a ping-pong message (skipped where strace is missing)", () => {
  it("is read with one call", () => {
    expect(moved(/^(?:read|recvfrom|recvmsg)\(\d+<TCP/)).toEqual(
      Array.from({ length: rounds }, () => messageBytes)
    )
  })

  it("is answered with one call a turn, although the program wrote twice", () => {
    expect(moved(/^(?:write|writev|sendto|sendmsg)\(\d+<TCP/)).toEqual(
      Array.from({ length: rounds }, () => 2 * messageBytes)
    )
  })

  it("changes nothing that epoll watches", () => {
    expect(traced.length).toBeGreaterThan(rounds)
    expect(traced.filter((line) => line.includes("epoll_ctl("))).toEqual([])
  })
})
