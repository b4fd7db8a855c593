/** An open file on Bun: a `CachedFile`, by Bun's FFI. */
import { dlopen, FFIType, type Pointer, ptr, read } from "bun:ffi"
import { CachedFile, libraryName, noWait } from "@portico/node/file/CachedFile"

const openLibrary = () =>
  dlopen(libraryName, {
    __errno_location: { args: [], returns: "ptr" },
    preadv2: { args: ["i32", "ptr", "i32", FFIType.i64_fast, "i32"], returns: FFIType.i64_fast }
  }).symbols

let library: ReturnType<typeof openLibrary> | undefined

/** One `struct iovec` (address, length) of two 64-bit words, for the one call at a time. */
const vector = new Uint32Array(new ArrayBuffer(16))

export class BunFile extends CachedFile {
  protected readNow(buffer: Uint8Array, position: number): number {
    const { preadv2 } = (library ??= openLibrary())
    const address = ptr(buffer) as number
    vector[0] = address
    vector[1] = address / 2 ** 32
    vector[2] = buffer.length
    return Number(preadv2(this.descriptor, ptr(vector), 1, position, noWait))
  }

  protected errno(): number {
    const { __errno_location } = (library ??= openLibrary())
    return read.i32(__errno_location() as Pointer, 0)
  }
}
