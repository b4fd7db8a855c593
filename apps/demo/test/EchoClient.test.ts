import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { IoError, Tcp, type TcpStream } from "@portico/core"
import { SimBackend } from "@portico/sim"
import { describe, expect, it } from "vitest"
import * as EchoClient from "../src/EchoClient.ts"

const load = { connections: 3, messagesPerConnection: 5, bytesPerMessage: 1_000 }
const address = { port: 4000 }

type Answer = (bytes: Uint8Array, stream: TcpStream.TcpStream) => Uint8Array

/** Drives a server that answers with what `answer` makes of each chunk. */
const drive = (answer: Answer) => {
  const server = (stream: TcpStream.TcpStream) =>
    Effect.gen(function* () {
      while (true) {
        const bytes = yield* stream.read
        if (bytes.length === 0) return yield* stream.shutdown
        yield* stream.write(answer(bytes, stream))
      }
    }).pipe(Effect.ignore)
  const program = Effect.andThen(
    Tcp.serve(server, { ...address, connectionsMax: 10 }),
    EchoClient.drive(address, load)
  )
  return SimBackend.runSync(Effect.scoped(program), { seed: 1 })
}

const failure = (exit: Exit.Exit<unknown, unknown>): unknown =>
  Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined

describe("the echo client", () => {
  it("measures a server that echoes", () => {
    const exit = drive((bytes) => bytes)
    if (Exit.isFailure(exit)) throw Cause.squash(exit.cause)
    expect(exit.value).toMatchObject({ connections: 3, messages: 15, bytesVerified: 15_000 })
    expect(exit.value.seconds).toBeGreaterThan(0)
    expect(exit.value.latencyMillis.p99).toBeGreaterThanOrEqual(exit.value.latencyMillis.p50)
  })

  it("is told of one flipped bit in the last message of one connection", () => {
    const seen = new Map<number, number>()
    const exit = drive((bytes, stream) => {
      const before = seen.get(stream.id) ?? 0
      seen.set(stream.id, before + bytes.length)
      const last = load.messagesPerConnection * load.bytesPerMessage - 1
      const isChosen = Array.from(seen.keys())[1] === stream.id
      if (isChosen && before <= last && last < before + bytes.length) {
        bytes[last - before]! ^= 1
      }
      return bytes
    })
    expect(failure(exit)).toBeInstanceOf(EchoClient.NotAnEcho)
  })

  it("is told of two bytes that changed places", () => {
    const exit = drive((bytes) => {
      const [first, second] = bytes
      if (second !== undefined) bytes.set([second, first!])
      return bytes
    })
    expect(failure(exit)).toBeInstanceOf(EchoClient.NotAnEcho)
  })

  it("is told of a byte too many", () => {
    let isFirst = true
    const exit = drive((bytes) => {
      const answer = isFirst ? Uint8Array.of(...bytes, 0) : bytes
      isFirst = false
      return answer
    })
    expect(failure(exit)).toBeInstanceOf(EchoClient.NotAnEcho)
  })

  it("is told of a server that ends early", () => {
    const exit = drive((bytes, stream) => {
      Effect.runFork(stream.shutdown)
      return bytes.subarray(1)
    })
    expect(IoError.isIoError(failure(exit))).toBe(true)
  })
})
