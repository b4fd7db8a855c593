/** What `stat(2)` says of a path or an open file. Times are nanoseconds since 1970, exact. */
import type { PortFileKind, PortFileStat } from "./port/FilePort.ts"

export type FileKind = PortFileKind

export type FileStat = PortFileStat
