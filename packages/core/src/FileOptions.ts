/** How files are opened, copied, walked and replaced. */

export interface OpenOptions {
  /** `read` by default. */
  readonly access?: "read" | "write" | "readWrite" | undefined
  /** Every write goes to the end, whatever its position; atomically where the host does so. */
  readonly append?: boolean | undefined
  /** Whether a missing file is made: `never` by default; `exclusive` fails when it is there. */
  readonly create?: "never" | "ifMissing" | "exclusive" | undefined
  /** Cut to nothing. */
  readonly truncate?: boolean | undefined
  /** Fails with `SymlinkLoop` when the last name of the path is a symbolic link. */
  readonly noFollow?: boolean | undefined
  /** Permission bits of a file that is made, less the umask. 0o666 by default. */
  readonly mode?: number | undefined
}

export interface CopyOptions {
  /** Fails with `AlreadyExists` when the target is there. */
  readonly exclusive?: boolean | undefined
}

export interface CreateDirectoryOptions {
  /** Makes what is missing on the way, too, and is content with a directory that is there. */
  readonly recursive?: boolean | undefined
  /** Permission bits, less the umask. 0o777 by default. */
  readonly mode?: number | undefined
}

export interface WalkOptions {
  /** Directories below the first that are entered: 0–2,048, by default 2,048. */
  readonly depthMax?: number | undefined
  /** Enters directories that symbolic links lead to, each at most once on the way to it. */
  readonly followLinks?: boolean | undefined
}

export interface ReadFileOptions {
  /** Fails with `FileTooLarge` beyond this: 1 byte to 1 GiB. */
  readonly bytesMax: number
}

export interface WriteFileOptions {
  /** Permission bits of a file that is made, less the umask. 0o666 by default. */
  readonly mode?: number | undefined
}

export interface ReplaceOptions extends WriteFileOptions {
  /** Whether file and directory are synced, so that the content outlasts a crash. By default. */
  readonly syncs?: boolean | undefined
}

export interface TemporaryOptions {
  /** By default the host's own for such. */
  readonly directory?: string | undefined
  /** What its name begins with: `portico-` by default. No separators. */
  readonly prefix?: string | undefined
}

export interface SendOptions {
  /** From where on: 0 by default. */
  readonly position?: number | undefined
  /** How many bytes at most; to the end of the file by default. */
  readonly bytesMax?: number | undefined
}
