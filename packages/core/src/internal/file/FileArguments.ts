/** Arguments of files against their bounds: the failure, or undefined when fine. */
import type * as Effect from "effect/Effect"
import type { OpenOptions } from "../../FileOptions.ts"
import type { IoError } from "../../IoError.ts"
import type { FileOpenRequest } from "../../port/FilePort.ts"
import * as Check from "../Check.ts"

type Refusal = Effect.Effect<never, IoError> | undefined

/** What one `read` may be asked for: 64 MiB. */
export const readBytesMax = 64 * 1024 * 1024

export const checkBytesMax = (operation: string, bytesMax: number): Refusal =>
  Check.integer(operation, "bytesMax", bytesMax, 1, readBytesMax, "bytes")

/** A place in a file, or a length. */
export const checkOffset = (operation: string, argument: string, value: number): Refusal =>
  Number.isSafeInteger(value) && value >= 0
    ? undefined
    : Check.invalid(operation, argument, "a safe integer from 0", value)

/** Where something begins that is `bytes` long. */
export const checkPosition = (operation: string, position: number, bytes: number): Refusal =>
  Number.isSafeInteger(position) && position >= 0 && position <= Number.MAX_SAFE_INTEGER - bytes
    ? undefined
    : Check.invalid(operation, "position", "a safe integer from 0", position)

const nanosMax = 2n ** 63n - 1n

/** A time since 1970. */
export const checkNanos = (operation: string, argument: string, value: bigint): Refusal =>
  typeof value === "bigint" && value >= 0n && value <= nanosMax
    ? undefined
    : Check.invalid(operation, argument, "nanoseconds from 0 to 2^63 - 1", value)

export const checkPath = (operation: string, argument: string, path: string): Refusal =>
  typeof path === "string" && path !== "" && !path.includes("\0")
    ? undefined
    : Check.invalid(operation, argument, "not empty, without NUL", path)

export const checkMode = (operation: string, mode: number | undefined): Refusal =>
  mode === undefined ? undefined : Check.integer(operation, "mode", mode, 0, 0o7777)

const accesses: ReadonlyArray<unknown> = ["read", "write", "readWrite"]
const creates: ReadonlyArray<unknown> = ["never", "ifMissing", "exclusive"]

export const toRequest = (path: string, options: OpenOptions): FileOpenRequest => ({
  path,
  access: options.access ?? "read",
  append: options.append ?? false,
  create: options.create ?? "never",
  truncate: options.truncate ?? false,
  noFollow: options.noFollow ?? false,
  mode: options.mode ?? 0o666
})

export const checkOpen = (operation: string, request: FileOpenRequest): Refusal => {
  const { access, append, create, mode, path, truncate } = request
  const writes = access !== "read"
  if (!accesses.includes(access)) {
    return Check.invalid(operation, "access", accesses.join(", "), access)
  }
  if (!creates.includes(create)) {
    return Check.invalid(operation, "create", creates.join(", "), create)
  }
  if (append && !writes) return Check.invalid(operation, "append", "false to read", append)
  if (truncate && !writes) return Check.invalid(operation, "truncate", "false to read", truncate)
  return checkPath(operation, "path", path) ?? checkMode(operation, mode)
}
