/**
 * A name server that is a program of the machine: started with a configuration of its own on a port
 * of loopback, questioned in its place, and ended with this process.
 *
 * Its CPU time is the kernel's count (`/proc/<pid>/stat`), which comes in ticks of 10 ms: over a
 * second, an error of 1 % at most.
 */
import { type ChildProcess, spawn } from "node:child_process"
import * as Dgram from "node:dgram"
import { once } from "node:events"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import * as Net from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import type { Usage } from "../../Usage.ts"
import { control } from "../../servers/Control.ts"

export interface Started {
  readonly port: number
  /** The upstream's. */
  readonly upstreamPort: number
  /** For files; removed in the end. */
  readonly folder: string
}

const microsPerTick = 10_000
const pageBytes = 4_096

export const usageOf = (pid: number): Usage => {
  // What follows the name, which is in parentheses, begins with the third field.
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /s, "")
    .split(" ")
  const pages = readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]
  return {
    userMicros: Number(stat[11]) * microsPerTick,
    systemMicros: Number(stat[12]) * microsPerTick,
    residentBytes: Number(pages) * pageBytes
  }
}

/** A port that is free now for TCP, and as a rule for UDP. */
export const freePort = async (): Promise<number> => {
  const server = Net.createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as Net.AddressInfo
  server.close()
  await once(server, "close")
  return port
}

// "a.bench.example", type A, class IN.
const question = Buffer.from(
  "000101000001000000000000016105626e636831076578616d706c650000010001",
  "hex"
)
const askPeriodMillis = 50

/** Asks until it answers on the port; false when it ended first. */
const answers = async (port: number, child: ChildProcess): Promise<boolean> => {
  const socket = Dgram.createSocket("udp4")
  let isAnswered = false
  socket.on("message", () => (isAnswered = true))
  socket.on("error", () => {})
  while (!isAnswered && child.exitCode === null) {
    socket.send(question, port, "127.0.0.1")
    await sleep(askPeriodMillis)
  }
  socket.close()
  return isAnswered
}

/** Somebody may take the port between our look and its start. */
const tries = 5

/** Runs until standard input ends. The first argument is the upstream's port. */
export const serve = async (
  commandOf: (started: Started) => readonly [program: string, ...options: ReadonlyArray<string>]
): Promise<void> => {
  const folder = mkdtempSync(join(tmpdir(), "portico-bench-"))
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }))
  const env = { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin` }
  for (let count = 0; count < tries; count++) {
    const port = await freePort()
    const upstreamPort = Number(process.argv[2])
    const [program, ...options] = commandOf({ port, upstreamPort, folder })
    const child = spawn(program, options, { env, stdio: ["ignore", "ignore", "inherit"] })
    process.on("exit", () => child.kill("SIGKILL"))
    if (await answers(port, child)) return control(port, () => usageOf(child.pid!))
  }
  throw new Error(`It ended ${tries} times before it answered`)
}
