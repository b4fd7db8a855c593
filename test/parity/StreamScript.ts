/**
 * Programs for two ends of one connection, a line each: the client's steps begin with `c`, the
 * server's with `s`. Each step is done before the next begins, unless it begins with `&`.
 */
import { Address, type BackendLayer, Tcp, type TcpStream } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Option from "effect/Option"
import type * as Scope from "effect/Scope"
import { type Program, type Say, tell } from "./Program.ts"

type Stream = TcpStream.TcpStream
type Step = (stream: Stream, argument: number) => Effect.Effect<string, unknown>

const bytes = (count: number) => Uint8Array.from({ length: count }, (_, at) => at)
const newline = Uint8Array.of(10)
const ok = <E>(effect: Effect.Effect<unknown, E>) => Effect.as(effect, "ok")
const count = <E>(effect: Effect.Effect<Uint8Array, E>) =>
  Effect.map(effect, ({ length }) => (length === 0 ? "end" : String(length)))

const readAll: Step = (stream) =>
  Effect.gen(function* () {
    let total = 0
    for (;;) {
      const chunk = yield* Effect.exit(stream.read)
      if (chunk._tag === "Failure") return yield* Effect.failCause(chunk.cause)
      if (chunk.value.length === 0) return `${total} and the end`
      total += chunk.value.length
    }
  })

const steps: { readonly [name: string]: Step | undefined } = {
  write: (stream, size) => ok(stream.write(bytes(size))),
  writeAll: (stream, size) => ok(stream.writeAll([bytes(size), bytes(0), bytes(size)])),
  line: (stream, size) => ok(stream.writeAll([bytes(size).fill(65), newline])),
  fill: (stream) => ok(fill(stream)),
  exactly: (stream, size) => count(stream.readExactly(size)),
  upTo: (stream, size) => count(stream.readUpTo(size)),
  into: (stream, size) => Effect.map(stream.readInto(new Uint8Array(size)), String),
  until: (stream, max) => count(stream.readUntil(newline, max > 0 ? { bytesMax: max } : undefined)),
  read: (stream) => count(stream.read),
  all: readAll,
  try: (stream) =>
    Effect.map(stream.tryRead, (got) =>
      Option.isNone(got) ? "nothing" : String(got.value.length)
    ),
  readable: (stream) => ok(stream.awaitReadable),
  writable: (stream) => ok(stream.awaitWritable),
  flush: (stream) => ok(stream.flush),
  shutdown: (stream) => ok(stream.shutdown),
  reset: (stream) => ok(stream.reset),
  close: (stream) => ok(stream.close),
  noDelay: (stream) => ok(stream.setNoDelay(true)),
  keepAlive: (stream, seconds) => ok(stream.setKeepAlive({ idle: `${seconds} seconds` })),
  local: (stream) => Effect.map(stream.localAddress, ({ _tag }) => _tag),
  peer: (stream) => Effect.map(stream.peerAddress, ({ _tag }) => _tag)
}

// Until not one byte more is taken: then the peer's buffers and ours are full.
const fill = (stream: Stream) =>
  Effect.gen(function* () {
    for (let taken = 1; taken > 0;) taken = yield* stream.tryWrite(bytes(65_536))
  })

const connected = Effect.gen(function* () {
  const listener = yield* Tcp.listen({ host: "127.0.0.1", port: 0 })
  const connect = Tcp.connect(Address.toInput(listener.address))
  const [c, s] = yield* Effect.all([connect, listener.accept], { concurrency: 2 })
  return { c, s }
})

interface Ends {
  readonly c: Stream
  readonly s: Stream
}

const runStep = (say: Say, ends: Ends, text: string) => {
  const [end, name, argument] = text.split(" ") as ["c" | "s", string, string?]
  const step = steps[name]
  if (step === undefined) throw new Error(`No such step: ${text}`)
  return tell(say, text, step(ends[end], Number(argument ?? 0)), (result) => result)
}

/** `c write 5, s exactly 5`. */
export const streamProgram = (script: string): Program => scriptProgram("tcp", script, connected)

/** The same over any pair of streams. */
export const scriptProgram = (
  kind: string,
  script: string,
  open: Effect.Effect<Ends, unknown, BackendLayer.Services | Scope.Scope>
): Program => ({
  name: `${kind}: ${script}`,
  run: (say) =>
    Effect.gen(function* () {
      const ends = yield* open
      const waiting: Array<Fiber.Fiber<void>> = []
      // In the order in which steps began: which of two ends first is left open.
      const lines: Array<string> = []
      for (const [at, text] of script.split(", ").entries()) {
        const isForked = text.startsWith("&")
        const sayOwn = (line: string) => void (lines[at] = line)
        const step = runStep(sayOwn, ends, isForked ? text.slice(1) : text)
        if (isForked) waiting.push(yield* Effect.forkChild(step, { startImmediately: true }))
        else yield* step
      }
      for (const fiber of waiting) yield* Fiber.join(fiber)
      lines.forEach(say)
    })
})
