/**
 * Writes a log, rotates it again and again, and proves that every subscriber of tail is sent every
 * line once, in order.
 */
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { type Address, Files, type IoError, Tcp, type TcpStream } from "@portico/core"
import { millis } from "./Clients.ts"
import type { Measurement } from "./Measurement.ts"
import { percentile } from "./Percentile.ts"

export interface Load {
  readonly subscribers: number
  readonly batches: number
  readonly linesPerBatch: number
  /** The log is renamed after so many batches. */
  readonly batchesPerRotation: number
}

/** A subscriber was sent another line than the next one. */
export class NotTheLine extends Data.TaggedError("NotTheLine")<{
  readonly expected: string
  readonly received: string
}> {
  override get message(): string {
    return `Expected ${this.expected}, received ${this.received}`
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()
const lineFeed = Uint8Array.of(10)
const begin = "begin"

const lineOf = (number: number): string => `${number} ${"tail ".repeat(number % 40)}`

const readLine = (stream: TcpStream.TcpStream) =>
  Effect.map(stream.readUntil(lineFeed), (bytes) => decoder.decode(bytes.subarray(0, -1)))

const append = (log: string, lines: ReadonlyArray<string>) =>
  Files.appendFile(log, encoder.encode(lines.map((line) => `${line}\n`).join("")))

/** Subscribers that are sent lines: each has seen one. */
const subscribe = Effect.fnUntraced(function* (
  address: Address.InetInput,
  log: string,
  count: number
): Effect.fn.Return<
  ReadonlyArray<TcpStream.TcpStream>,
  IoError.IoError,
  Files.Files | Scope.Scope | Tcp.Tcp
> {
  const streams = yield* Effect.forEach(Array.from({ length: count }), () => Tcp.connect(address))
  const probing = Effect.andThen(append(log, ["probe"]), Effect.sleep("20 millis"))
  const reached = Effect.forEach(streams, readLine, { concurrency: "unbounded", discard: true })
  yield* Effect.raceFirst(reached, Effect.forever(probing))
  yield* append(log, [begin])
  const skip = (stream: TcpStream.TcpStream): Effect.Effect<void, IoError.IoError> =>
    Effect.flatMap(readLine(stream), (line) => (line === begin ? Effect.void : skip(stream)))
  yield* Effect.forEach(streams, skip, { concurrency: "unbounded", discard: true })
  return streams
})

const expectLines = Effect.fnUntraced(function* (
  stream: TcpStream.TcpStream,
  lines: ReadonlyArray<string>
): Effect.fn.Return<void, IoError.IoError | NotTheLine> {
  for (const expected of lines) {
    const received = yield* readLine(stream)
    if (received !== expected) return yield* new NotTheLine({ expected, received })
  }
})

/** Runs the whole load; fails when a line is lost, comes twice or differs. */
export const drive = Effect.fnUntraced(function* (
  address: Address.InetInput,
  log: string,
  load: Load
): Effect.fn.Return<Measurement, IoError.IoError | NotTheLine, Files.Files | Tcp.Tcp> {
  const clock = yield* Clock.Clock
  const latencies = new Float64Array(load.batches)
  let bytes = 0
  const start = millis(clock)
  yield* Effect.gen(function* () {
    const streams = yield* subscribe(address, log, load.subscribers)
    for (let batch = 0; batch < load.batches; batch++) {
      const first = batch * load.linesPerBatch
      const lines = Array.from({ length: load.linesPerBatch }, (_, index) => lineOf(first + index))
      const written = millis(clock)
      yield* append(log, lines)
      if (batch % load.batchesPerRotation === 0) yield* Files.rename(log, `${log}.${batch + 1}`)
      yield* Effect.forEach(streams, (stream) => expectLines(stream, lines), {
        concurrency: "unbounded"
      })
      latencies[batch] = millis(clock) - written
      bytes += lines.reduce((sum, { length }) => sum + length + 1, 0)
    }
  }).pipe(Effect.scoped)
  const sorted = latencies.sort()
  return {
    connections: load.subscribers,
    messages: load.subscribers * load.batches * load.linesPerBatch,
    bytesVerified: bytes * load.subscribers,
    seconds: (millis(clock) - start) / 1000,
    latencyMillis: { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) }
  }
})
