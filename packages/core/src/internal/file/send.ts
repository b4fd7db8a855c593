/** `Files.send`: a file to a stream, a part read while the one before it is written. */
import * as Effect from "effect/Effect"
import type { File } from "../../File.ts"
import type { SendOptions } from "../../FileOptions.ts"
import type { IoError } from "../../IoError.ts"
import type { TcpStream } from "../../TcpStream.ts"
import { checkOffset } from "./FileArguments.ts"
import type { FileHost } from "./FileHost.ts"

const operation = "Files.send"

/** Two of them are in memory. */
const partBytes = 128 * 1024

export const send = (
  host: FileHost,
  file: File,
  stream: Pick<TcpStream, "write">,
  { bytesMax = Number.MAX_SAFE_INTEGER, position = 0 }: SendOptions = {}
): Effect.Effect<number, IoError> =>
  checkOffset(operation, "position", position) ??
  checkOffset(operation, "bytesMax", bytesMax) ??
  Effect.suspend(() => {
    const { allocate } = host.table.ports
    let reading = allocate(partBytes)
    let writing = allocate(partBytes)
    let sent = 0
    // The last byte of what may be asked for is at most at the largest safe integer.
    const end = Math.min(bytesMax, Number.MAX_SAFE_INTEGER - position)
    const readAfter = (bytes: number) => {
      const room = Math.min(partBytes, end - bytes)
      const memory = room === partBytes ? reading : reading.subarray(0, room)
      return room === 0 ? Effect.succeed(0) : file.readIntoAt(position + bytes, memory)
    }
    return Effect.gen(function* () {
      let read = yield* readAfter(0)
      while (read > 0) {
        const part = reading.subarray(0, read)
        ;[reading, writing] = [writing, reading]
        const [next] = yield* Effect.all([readAfter(sent + read), stream.write(part)], {
          concurrency: 2
        })
        sent += read
        read = next
      }
      return sent
    })
  })
