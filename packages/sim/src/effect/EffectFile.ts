/** An open file of Effect's `FileSystem`, over one of core's. The cursor is its own. */
import type { File } from "@portico/core/File"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import type { PlatformError } from "effect/PlatformError"
import { fileInfo } from "./fileInfo.ts"
import { asOpen, badArgument } from "./platformError.ts"

export class EffectFile implements FileSystem.File {
  readonly [FileSystem.FileTypeId]: typeof FileSystem.FileTypeId = FileSystem.FileTypeId
  private readonly file: File
  private readonly appends: boolean
  private position = 0

  constructor(file: File, appends: boolean) {
    this.file = file
    this.appends = appends
  }

  get stat(): Effect.Effect<FileSystem.File.Info, PlatformError> {
    return Effect.map(asOpen("stat", this.file.path)(this.file.stat), fileInfo)
  }

  get sync(): Effect.Effect<void, PlatformError> {
    return asOpen("sync", this.file.path)(this.file.sync)
  }

  seek(offset: bigint, from: FileSystem.SeekMode): Effect.Effect<bigint, PlatformError> {
    return Effect.suspend(() => {
      const position = Number(offset) + (from === "start" ? 0 : this.position)
      if (position < 0) {
        return Effect.fail(badArgument("seek", "Cannot seek before the start of the file"))
      }
      this.position = position
      return Effect.succeed(BigInt(position))
    })
  }

  read(
    buffer: Uint8Array,
    options?: FileSystem.File.ReadOptions
  ): Effect.Effect<number, PlatformError> {
    return Effect.suspend(() => {
      const explicit = options?.position
      if (explicit !== undefined && explicit < 0n) {
        return Effect.fail(badArgument("read", "Cannot read before the start of the file"))
      }
      const position = explicit === undefined ? this.position : Number(explicit)
      const reading = asOpen("read", this.file.path)(this.file.readIntoAt(position, buffer))
      return Effect.map(reading, (count) => {
        if (explicit === undefined) this.position = position + count
        return count
      })
    })
  }

  readAlloc(
    size: number,
    options?: FileSystem.File.ReadOptions
  ): Effect.Effect<Option.Option<Uint8Array>, PlatformError> {
    return Effect.suspend(() => {
      if (!Number.isSafeInteger(size) || size < 0) {
        return Effect.fail(badArgument("readAlloc", "Size must be a non-negative integer"))
      }
      const buffer = new Uint8Array(size)
      return Effect.map(this.read(buffer, options), (count) =>
        count === 0 ? Option.none() : Option.some(count === size ? buffer : buffer.slice(0, count))
      )
    })
  }

  truncate(length = 0): Effect.Effect<void, PlatformError> {
    return Effect.map(asOpen("truncate", this.file.path)(this.file.truncate(length)), () => {
      if (!this.appends) this.position = Math.min(this.position, length)
    })
  }

  write(buffer: Uint8Array): Effect.Effect<number, PlatformError> {
    return Effect.as(this.writeAll(buffer), buffer.length)
  }

  writeAll(buffer: Uint8Array): Effect.Effect<void, PlatformError> {
    return Effect.suspend(() => {
      const { file, position } = this
      const writing = this.appends ? file.write(buffer) : file.writeAt(position, buffer)
      return Effect.map(asOpen("writeAll", file.path)(writing), () => {
        if (!this.appends) this.position = position + buffer.length
      })
    })
  }
}
