/**
 * An echo server that is not ours: started on a free port of loopback in a group of its own,
 * questioned in its place, and ended with this process.
 */
import { execFileSync, type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import * as Net from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { setTimeout as sleep } from "node:timers/promises"
import { freePort } from "../resolver/servers/NativeServer.ts"
import { control } from "../servers/Control.ts"
import { usageOf } from "./ProcessGroup.ts"

export interface Started {
  readonly port: number
  /** For files; removed in the end. */
  readonly folder: string
}

type Command = readonly [program: string, ...options: ReadonlyArray<string>]

const askPeriodMillis = 50
/** Somebody may take the port between our look and its start. */
const tries = 5

/** Whether the echo of a line comes back; a server that is not ready refuses or says nothing. */
const echoes = async (port: number): Promise<boolean> => {
  const socket = Net.connect(port, "127.0.0.1")
  try {
    socket.write("are you there?\n")
    await once(socket, "data", { signal: AbortSignal.timeout(1_000) })
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

const answers = async (port: number, child: ChildProcess): Promise<boolean> => {
  while (child.exitCode === null) {
    if (await echoes(port)) return true
    await sleep(askPeriodMillis)
  }
  return false
}

const endGroup = (group: number): void => {
  try {
    process.kill(-group, "SIGKILL")
  } catch {
    // It has ended by itself.
  }
}

/** Until it answers; its process id is its group's too. Ends with this process. */
export const start = async (commandOf: (started: Started) => Command, folder: string) => {
  const env = { ...process.env, PATH: `${process.env["PATH"] ?? ""}:/usr/sbin` }
  for (let count = 0; count < tries; count++) {
    const port = await freePort()
    const [program, ...options] = commandOf({ port, folder })
    const child = spawn(program, options, {
      env,
      stdio: ["ignore", "ignore", "inherit"],
      detached: true
    })
    const id = child.pid
    if (id === undefined) throw new Error(`Cannot start ${program}`)
    process.on("exit", () => endGroup(id))
    if (await answers(port, child)) return { port, id }
    endGroup(id)
  }
  throw new Error(`It ended ${tries} times before it answered`)
}

export const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), "portico-bench-"))
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** Runs until standard input ends. */
export const serve = async (commandOf: (started: Started) => Command): Promise<void> => {
  const { id, port } = await start(commandOf, makeFolder())
  control(port, () => usageOf(id))
}

/** The path of the program that a C source beside this file is compiled to. */
export const compiled = (source: string, folder: string, ...more: ReadonlyArray<string>) => {
  const program = join(folder, source.replace(/\.c$/, ""))
  const file = fileURLToPath(new URL(source, import.meta.url))
  execFileSync("gcc", ["-O2", "-pthread", "-o", program, file, ...more])
  return program
}
