/** The page cache by Bun's FFI. */
import { dlopen } from "bun:ffi"
import { BunFile } from "@portico/bun/file/BunFile"
import { type Cached, dontNeed } from "../../../node/test/file/Cached.ts"

export const cached: Cached = {
  OpenFile: BunFile,
  advise: (descriptor) => {
    const library = dlopen("libc.so.6", {
      posix_fadvise: { args: ["i32", "i64", "i64", "i32"], returns: "i32" }
    })
    const answer = library.symbols.posix_fadvise(descriptor, 0, 0, dontNeed)
    library.close()
    return answer
  }
}
