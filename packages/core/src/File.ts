/**
 * An open file: bytes at positions, a cursor, and what makes them last.
 *
 * Several fibers may use one file at once; operations at positions are independent of each other.
 * Those that move the cursor (`read`, `write`) run one after another, in the order in which they
 * were called. Interrupted before its turn, an operation never runs. Interrupted later it goes on
 * in the host, which is counted; what it read is dropped, what it writes may be written or not, the
 * cursor has moved as if it had ended, and memory that the caller lent is not touched any more when
 * the interruption is observed: it is waited for.
 *
 * Where the host can tell (on Linux Bun, and Node 26 with `--experimental-ffi`), up to 256 KiB that
 * are in the page cache are read at once: there is no request then, and nothing to interrupt.
 *
 * Every operation fails with `Closed` once the file was closed, and with `DeviceError`, `NoSpace`,
 * `FileTooLarge`, `PermissionDenied` (opened for something else) as the host says.
 */
import type * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { Handle } from "./Handle.ts"
import type { FileStat } from "./FileStat.ts"
import type { IoError } from "./IoError.ts"

export type LockKind = "exclusive" | "shared"

export interface File extends Handle {
  readonly path: string
  /**
   * At most `bytesMax` (1–64 MiB, else `InvalidArgument`) bytes from the cursor on; empty at the
   * end of the file. It is one request of the host, which may give less, and 16 MiB at most.
   */
  readonly read: (bytesMax: number) => Effect.Effect<Uint8Array, IoError>
  /** As `read`, from `position` on; the cursor stays. */
  readonly readAt: (position: number, bytesMax: number) => Effect.Effect<Uint8Array, IoError>
  /**
   * Fills the buffers, in order, from `position` on; how many bytes: fewer than fit only at the end
   * of the file. The caller lends the buffers until it has ended.
   */
  readonly readIntoAt: (
    position: number,
    ...buffers: ReadonlyArray<Uint8Array>
  ) => Effect.Effect<number, IoError>
  /** All of the chunks, in order, at the cursor, or at the end when opened to append. */
  readonly write: (...chunks: ReadonlyArray<Uint8Array>) => Effect.Effect<void, IoError>
  /** All of the chunks, in order, from `position` on; the cursor stays. */
  readonly writeAt: (
    position: number,
    ...chunks: ReadonlyArray<Uint8Array>
  ) => Effect.Effect<void, IoError>
  /** Content, length and times are durable: `fsync(2)`. Not the name: see `Files.syncDirectory`. */
  readonly sync: Effect.Effect<void, IoError>
  /** Content, and the length as far as reading it back needs it: `fdatasync(2)`. */
  readonly syncData: Effect.Effect<void, IoError>
  /** Cuts to `bytes`, or extends with zeroes. */
  readonly truncate: (bytes: number) => Effect.Effect<void, IoError>
  /**
   * Reserves space for `bytes` (>= 1) bytes from `position` on, so that writing there fails no more
   * for want of it; the file becomes as long as that, by zeroes, and keeps what it has. Durable as
   * writes are. Fails with `NoSpace` and `FileTooLarge`, and changes nothing then. Capability
   * `fileAllocate`.
   */
  readonly allocate: (position: number, bytes: number) => Effect.Effect<void, IoError>
  readonly stat: Effect.Effect<FileStat, IoError>
  /**
   * Sets the times of last access and last change of content, in nanoseconds since 1970, from 0 to
   * 2^63 - 1. Hosts that take them as doubles keep them to a microsecond.
   */
  readonly setTimes: (accessedNanos: bigint, modifiedNanos: bigint) => Effect.Effect<void, IoError>
  /**
   * Keeps others who ask for it from having it (advisory), until the scope ends or the process
   * dies, also when the file is closed before. `shared`, up to 16 may hold it at once; `exclusive`,
   * one alone. Fails with `Busy` when it is held otherwise, by this process as well: it never
   * waits. Who asks is Portico, on any host of the same machine: locks of other programs (flock(2),
   * fcntl(2)) are not seen. Capability `fileLock`; `fileLockShared` to share.
   */
  readonly lock: (kind: LockKind) => Effect.Effect<void, IoError, Scope.Scope>
  /** Waits for what is under way, then gives the descriptor back. Idempotent. */
  readonly close: Effect.Effect<void>
}
