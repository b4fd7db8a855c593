/**
 * An open file on Node, with `node:ffi` (Node 26): a `CachedFile`.
 *
 * The module is experimental and says so on standard error when it is loaded, so a program has to
 * ask for it, by Node's own flag `--experimental-ffi`, although 26.10 has it without.
 */
import { CachedFile, libraryName, noWait } from "./CachedFile.ts"

const flag = "--experimental-ffi"

/** Whether this process was started with the flag, on its command line or by `NODE_OPTIONS`. */
export const isAskedFor = (
  options: ReadonlyArray<string>,
  nodeOptions: string | undefined
): boolean => [...options, ...(nodeOptions ?? "").split(/\s+/)].includes(flag)

interface Functions {
  readonly preadv2: (
    descriptor: number,
    vector: BigUint64Array,
    length: number,
    position: bigint,
    flags: number
  ) => bigint
  readonly __errno_location: () => bigint
}

/** What is used of `node:ffi`; `@types/node` does not know it yet. */
interface Ffi {
  dlopen(name: string, signatures: object): { readonly functions: Functions }
  getRawPointer(view: Uint8Array): bigint
  getInt32(pointer: bigint, offset: number): number
}

interface Library extends Functions {
  readonly ffi: Ffi
}

const signatures = {
  __errno_location: { arguments: [], return: "pointer" },
  preadv2: { arguments: ["i32", "pointer", "i32", "i64", "i32"], return: "i64" }
}

// A Node without the module, or `--permission` without `--allow-ffi`: then there is none.
const openLibrary = (): Library | undefined => {
  try {
    const ffi = process.getBuiltinModule("node:ffi") as unknown as Ffi
    const { __errno_location, preadv2 } = ffi.dlopen(libraryName, signatures).functions
    return { ffi, __errno_location, preadv2 }
  } catch {
    return undefined
  }
}

let library: Library | "missing" | undefined

const notSupported = 95

/** One `struct iovec` (address, length), for the one call at a time. */
const vector = new BigUint64Array(2)

export class FfiFile extends CachedFile {
  protected readNow(buffer: Uint8Array, position: number): number {
    library ??= openLibrary() ?? "missing"
    if (library === "missing") return -1
    // Asking takes a small array, which V8 would move, out of its heap: the address stays.
    vector[0] = library.ffi.getRawPointer(buffer)
    vector[1] = BigInt(buffer.length)
    return Number(library.preadv2(this.descriptor, vector, 1, BigInt(position), noWait))
  }

  protected errno(): number {
    if (library === undefined || library === "missing") return notSupported
    return library.ffi.getInt32(library.__errno_location(), 0)
  }
}
