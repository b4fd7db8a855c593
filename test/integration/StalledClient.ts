/**
 * A client that sends much and for a while reads nothing, and what the server does meanwhile.
 *
 * The server must push back: it stops reading once its queue is full, so what waits, waits in the
 * kernel's buffers and not in the server's memory.
 */
import { createHash, randomBytes } from "node:crypto"
import { once } from "node:events"
import type * as Net from "node:net"
import { setTimeout as sleep } from "node:timers/promises"
import { connect, receive } from "./Client.ts"
import type { Echo } from "./Echo.ts"
import * as Proc from "./Proc.ts"

const MiB = 1024 * 1024
const samplePeriodMs = 50
const warmUpBytes = 32 * MiB

export interface Report {
  /** Bytes the server's side took from the client while nobody read: kernel buffers and queue. */
  readonly bytesTakenInStall: number
  /** Resident memory of the server: before, and the largest samples. */
  readonly memoryBefore: number
  readonly memoryInStall: number
  readonly memoryInFlow: number
  readonly bytesReceived: number
  readonly isSame: boolean
  /** From the end of the stall to the last byte. */
  readonly flowSeconds: number
}

/** Samples the server's memory until `work` is over; gives the largest. */
const sampled = async (pid: number, work: Promise<unknown>): Promise<number> => {
  let largest = Proc.memoryBytes(pid)
  let isOver = false
  const over = work.finally(() => (isOver = true))
  while (!isOver) {
    await Promise.race([over, sleep(samplePeriodMs)])
    largest = Math.max(largest, Proc.memoryBytes(pid))
  }
  return largest
}

const warmUp = async (address: Net.NetConnectOpts): Promise<void> => {
  const socket = await connect(address)
  const bytes = Buffer.alloc(warmUpBytes, "warm")
  socket.end(bytes)
  await receive(socket, bytes.length)
}

export const stalledClient = async (
  echo: Echo,
  options: { readonly bytes: number; readonly stallMs: number }
): Promise<Report> => {
  await warmUp(echo.address)
  const memoryBefore = Proc.memoryBytes(echo.pid)

  const socket = await connect(echo.address)
  socket.pause()
  const sent = createHash("sha256")
  const block = randomBytes(MiB)
  const send = async () => {
    for (let position = 0; position < options.bytes; position += block.length) {
      // No two blocks are alike, so a lost, doubled or displaced one changes the hash.
      const bytes = Buffer.from(block.subarray(0, Math.min(MiB, options.bytes - position)))
      bytes.writeUInt32LE(position / MiB)
      sent.update(bytes)
      if (!socket.write(bytes)) await once(socket, "drain")
    }
    socket.end()
  }
  const sending = send()

  const memoryInStall = await sampled(echo.pid, sleep(options.stallMs))
  const bytesTakenInStall = socket.bytesWritten - socket.writableLength

  const received = createHash("sha256")
  let bytesReceived = 0
  const flowStart = performance.now()
  socket.on("data", (chunk) => {
    received.update(chunk)
    bytesReceived += chunk.length
  })
  socket.resume()
  const memoryInFlow = await sampled(echo.pid, Promise.all([sending, once(socket, "end")]))

  return {
    bytesTakenInStall,
    memoryBefore,
    memoryInStall,
    memoryInFlow,
    bytesReceived,
    isSame: sent.digest("hex") === received.digest("hex"),
    flowSeconds: (performance.now() - flowStart) / 1000
  }
}

/** What a report must not exceed. The kernel's buffers hold at most some 10 MiB a direction. */
export const limits = {
  bytesTakenInStall: 64 * MiB,
  memoryGrowthInStall: 16 * MiB,
  memoryGrowthInFlow: 64 * MiB
}

const inMiB = (bytes: number) => `${(bytes / MiB).toFixed(1)} MiB`

export const format = (report: Report): string =>
  [
    `taken in stall ${inMiB(report.bytesTakenInStall)}`,
    `memory before ${inMiB(report.memoryBefore)}`,
    `in stall ${inMiB(report.memoryInStall)}`,
    `in flow ${inMiB(report.memoryInFlow)}`,
    `back ${inMiB(report.bytesReceived)} in ${report.flowSeconds.toFixed(1)} s`
  ].join(", ")
