/** The page cache by `node:ffi`. */
import { FfiFile } from "@portico/node/file/FfiFile"
import { type Cached, dontNeed } from "./Cached.ts"

interface Ffi {
  dlopen(
    name: string,
    signatures: object
  ): { readonly functions: { posix_fadvise(...args: ReadonlyArray<unknown>): number } }
}

export const ffi = process.getBuiltinModule?.("node:ffi") as unknown as Ffi | undefined

const signature = { arguments: ["i32", "i64", "i64", "i32"], return: "i32" }

export const cached: Cached | undefined = ffi && {
  OpenFile: FfiFile,
  advise: (descriptor) =>
    ffi
      .dlopen("libc.so.6", { posix_fadvise: signature })
      .functions.posix_fadvise(descriptor, 0n, 0n, dontNeed)
}
