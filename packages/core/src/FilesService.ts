/** What `Files` gives. Each is described at the function of its name in `Files.ts`. */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type * as Stream from "effect/Stream"
import type { DirectoryEntry, WalkEntry } from "./DirectoryEntry.ts"
import type { File } from "./File.ts"
import type * as Options from "./FileOptions.ts"
import type { FileStat } from "./FileStat.ts"
import type { IoError } from "./IoError.ts"
import type { Site } from "./Site.ts"
import type { TcpStream } from "./TcpStream.ts"

type Done = Effect.Effect<void, IoError>

/** `site` is where a handle says that it was opened: by default, where this is called. */
export interface FilesService {
  readonly open: (
    path: string,
    options?: Options.OpenOptions,
    site?: Site
  ) => Effect.Effect<File, IoError, Scope.Scope>
  readonly stat: (path: string) => Effect.Effect<FileStat, IoError>
  readonly linkStat: (path: string) => Effect.Effect<FileStat, IoError>
  readonly rename: (from: string, to: string) => Done
  readonly link: (existing: string, path: string) => Done
  readonly symlink: (target: string, path: string) => Done
  readonly readLink: (path: string) => Effect.Effect<string, IoError>
  readonly realPath: (path: string) => Effect.Effect<string, IoError>
  readonly setMode: (path: string, mode: number) => Done
  readonly copy: (from: string, to: string, options?: Options.CopyOptions) => Done
  readonly remove: (path: string) => Done
  readonly createDirectory: (path: string, options?: Options.CreateDirectoryOptions) => Done
  readonly removeDirectory: (path: string) => Done
  readonly removeTree: (path: string) => Done
  readonly syncDirectory: (path: string) => Done
  readonly entries: (path: string, site?: Site) => Stream.Stream<DirectoryEntry, IoError>
  readonly walk: (
    path: string,
    options?: Options.WalkOptions,
    site?: Site
  ) => Stream.Stream<WalkEntry, IoError>
  readonly readFile: (
    path: string,
    options: Options.ReadFileOptions
  ) => Effect.Effect<Uint8Array, IoError>
  readonly writeFile: (path: string, bytes: Uint8Array, options?: Options.WriteFileOptions) => Done
  readonly appendFile: (path: string, bytes: Uint8Array, options?: Options.WriteFileOptions) => Done
  readonly replace: <A, E, R>(
    path: string,
    write: (file: File) => Effect.Effect<A, E, R>,
    options?: Options.ReplaceOptions
  ) => Effect.Effect<A, E | IoError, R>
  readonly temporaryFile: (
    options?: Options.TemporaryOptions,
    site?: Site
  ) => Effect.Effect<File, IoError, Scope.Scope>
  readonly temporaryDirectory: (
    options?: Options.TemporaryOptions
  ) => Effect.Effect<string, IoError, Scope.Scope>
  readonly send: (
    file: File,
    stream: Pick<TcpStream, "write">,
    options?: Options.SendOptions
  ) => Effect.Effect<number, IoError>
}
