/** Brings the keys back from the log, and cuts off what a crash left half-written at its end. */
import { type File, type IoError } from "@portico/core"
import * as Effect from "effect/Effect"
import type { Engine } from "../Engine.ts"
import { type Bytes, binaryText } from "../resp/Ascii.ts"
import { ReplyWriter } from "../resp/ReplyWriter.ts"
import { RequestParser } from "../resp/RequestParser.ts"
import { Session } from "../Session.ts"
import * as LogHead from "./LogHead.ts"
import { DamagedLog, LogReader } from "./LogReader.ts"
import * as Record from "./Record.ts"

export interface Recovery {
  /** Where the log goes on. */
  readonly end: number
  /** Of the file. */
  readonly mark: number
  readonly records: number
  /** Cut off: never acknowledged when syncing always. */
  readonly bytesCut: number
}

const requestBytesMax = Record.payloadBytesMax

/** What runs the log's requests: nobody reads the replies. */
class Replay {
  private readonly session = new Session(0, new ReplyWriter(Infinity), () => {
    throw new Error("A log subscribes to nothing")
  })
  private readonly parser = new RequestParser(requestBytesMax)
  private readonly engine: Engine

  constructor(engine: Engine) {
    this.engine = engine
  }

  /** What was wrong with the payload, if anything. */
  run(payload: Bytes): string | undefined {
    const { engine } = this
    engine.isRecovering = true
    const problem = this.runAll(payload)
    engine.isRecovering = false
    return problem
  }

  private runAll(payload: Bytes): string | undefined {
    const { engine, parser, session } = this
    for (let at = 0; at < payload.length; at = parser.next) {
      const outcome = parser.parse(payload, at, payload.length)
      if (outcome !== "Complete") return outcome === "Malformed" ? parser.problem : "cut short"
      engine.execute(session, parser.request)
      const { reply } = session
      if (reply.isError) return binaryText(reply.written).trim()
      reply.clear()
    }
    return undefined
  }
}

/**
 * Leaves the file as the place to write on from `end`. Fails with `DamagedLog`, and changes
 * nothing, when the log is broken elsewhere than at its end, or says what cannot be.
 */
export const recover = Effect.fnUntraced(function* (
  file: File.File,
  engine: Engine
): Effect.fn.Return<Recovery, DamagedLog | IoError.IoError> {
  const fileBytes = Number((yield* file.stat).bytes)
  const reader = new LogReader(file, fileBytes)
  const mark = yield* reader.begin
  if (mark === undefined) {
    const drawn = yield* LogHead.drawMark
    yield* file.truncate(0)
    yield* file.writeAt(0, LogHead.make(drawn))
    yield* file.sync
    return { end: LogHead.length, mark: drawn, records: 0, bytesCut: fileBytes }
  }
  const replay = new Replay(engine)
  let records = 0
  const end = yield* reader.readAll((payload, position) =>
    Effect.suspend(() => {
      const problem = replay.run(payload)
      records++
      if (problem === undefined) return Effect.void
      const message = `The record at byte ${position} cannot be replayed: ${problem}: ${file.path}`
      return new DamagedLog({ message })
    })
  )
  if (end < fileBytes) {
    yield* file.truncate(end)
    yield* file.sync
  }
  return { end, mark, records, bytesCut: fileBytes - end }
})
