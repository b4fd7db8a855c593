/** Files read and written whole. */
import * as Effect from "effect/Effect"
import type { ReadFileOptions, WriteFileOptions } from "../../FileOptions.ts"
import type { IoError } from "../../IoError.ts"
import { Reason } from "../../Reason.ts"
import { Site } from "../../Site.ts"
import * as Check from "../Check.ts"
import { readBytesMax } from "./FileArguments.ts"
import type { FileHandle } from "./FileHandle.ts"
import type { FileHost } from "./FileHost.ts"
import { open } from "./openFile.ts"
import { plain } from "./paths.ts"

/** What `readFile` may be asked for: 1 GiB. */
export const wholeBytesMax = 1024 * 1024 * 1024

/** Read of a file of which the length is not known. */
const unknownBytes = 64 * 1024

const operation = "Files.readFile"

const joined = (chunks: ReadonlyArray<Uint8Array>, bytes: number): Uint8Array => {
  if (chunks.length === 1) return chunks[0]!
  const whole = new Uint8Array(bytes)
  let end = 0
  for (const chunk of chunks) {
    whole.set(chunk, end)
    end += chunk.length
  }
  return whole
}

// A read of one byte more than a plain file has says that it is over; others are read until then.
const readAll = (file: FileHandle, bytesMax: number): Effect.Effect<Uint8Array, IoError> =>
  Effect.gen(function* () {
    const { bytes, kind } = yield* file.stat
    const isPlain = kind === "file" && bytes > 0n
    const tooLarge = file.error(operation, Reason.FileTooLarge())
    if (isPlain && bytes > BigInt(bytesMax)) return yield* Effect.fail(tooLarge)
    const chunks: Array<Uint8Array> = []
    let length = 0
    let asked = isPlain ? Number(bytes) + 1 : unknownBytes
    for (;;) {
      const part = Math.min(asked, readBytesMax)
      const chunk = yield* file.readOnce(operation, isPlain ? length : undefined, part)
      if (chunk.length > 0) chunks.push(chunk)
      length += chunk.length
      if (length > bytesMax) return yield* Effect.fail(tooLarge)
      const isOver = isPlain ? BigInt(length) === bytes && chunk.length < asked : false
      if (chunk.length === 0 || isOver) return joined(chunks, length)
      asked = isPlain && length < bytes ? Number(bytes) - length + 1 : unknownBytes
    }
  })

export const readFile = (
  host: FileHost,
  path: string,
  { bytesMax }: ReadFileOptions
): Effect.Effect<Uint8Array, IoError> =>
  Check.integer(operation, "bytesMax", bytesMax, 1, wholeBytesMax, "bytes") ??
  Effect.flatMap(readAtOnce(host, path, bytesMax), (bytes) =>
    bytes === undefined
      ? Effect.scoped(
          Effect.flatMap(open(host, operation, path, {}, new Site()), (file) =>
            readAll(file, bytesMax)
          )
        )
      : Effect.succeed(bytes)
  )

/** Plain files of a size that is held at once as well. */
const readAtOnce = (
  host: FileHost,
  path: string,
  bytesMax: number
): Effect.Effect<Uint8Array | undefined, IoError> => {
  const { port } = host
  return port.readWhole === undefined
    ? Effect.succeed(undefined)
    : plain(host, operation, path, (_, done) => port.readWhole!(path, bytesMax, done))
}

export const writeFile = (
  host: FileHost,
  path: string,
  bytes: Uint8Array,
  { mode }: WriteFileOptions = {}
): Effect.Effect<void, IoError> => {
  const options = { access: "write", create: "ifMissing", truncate: true, mode } as const
  return Effect.scoped(
    Effect.flatMap(open(host, "Files.writeFile", path, options, new Site()), (file) =>
      file.write(bytes)
    )
  )
}

export const appendFile = (
  host: FileHost,
  path: string,
  bytes: Uint8Array,
  { mode }: WriteFileOptions = {}
): Effect.Effect<void, IoError> => {
  const options = { access: "write", create: "ifMissing", append: true, mode } as const
  return Effect.scoped(
    Effect.flatMap(open(host, "Files.appendFile", path, options, new Site()), (file) =>
      file.write(bytes)
    )
  )
}

export const syncDirectory = (host: FileHost, path: string): Effect.Effect<void, IoError> =>
  Effect.scoped(
    Effect.flatMap(open(host, "Files.syncDirectory", path, {}, new Site()), (file) => file.sync)
  )
