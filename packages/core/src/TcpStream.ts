/**
 * A connected stream socket: TCP or Unix; a `TlsStream` is one as well.
 *
 * Concurrency: one reader and one writer may be at it together. A second concurrent reader fails
 * with `Busy`; writes from several fibers run one at a time, in call order. Nothing here blocks
 * the host: what can finish now finishes without suspending its fiber.
 *
 * Every effect fails with `IoError`: `Closed` once `close` was asked for, `Broken` once the stream
 * is unusable (the host's cause is kept), and what its own doc comment names.
 */
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import type { Address } from "./Address.ts"
import type { Handle } from "./Handle.ts"
import type { IoError } from "./IoError.ts"

export interface CopyOptions {
  /**
   * What is written in place of a chunk, which is lent as by `readBorrowed`. The result stays
   * untouched until the next call, and may be the chunk, changed or not, or empty. When it throws,
   * that is a defect of the copy.
   */
  readonly map?: ((chunk: Uint8Array) => Uint8Array) | undefined
}

export interface TcpStream extends Handle {
  readonly kind: "TcpStream" | "UnixStream" | "TlsStream"

  /**
   * The next bytes, as many as the host holds (at most 512 KiB), yours to keep. An empty array is
   * the end of the stream, and is given again by every later read (read(2)). Fails with
   * `ConnectionReset` when the peer reset; bytes that were already here come first. Interrupting
   * it loses no bytes.
   */
  readonly read: Effect.Effect<Uint8Array, IoError>

  /**
   * As `read`, but the bytes are only lent: they stay valid until the next read of any kind on
   * this stream, or its close, and are not allocated anew. For code that is done with a chunk
   * before it asks for the next, such as a copy loop.
   */
  readonly readBorrowed: Effect.Effect<Uint8Array, IoError>

  /** As `read`, at most `bytesMax` (>= 1, else `InvalidArgument`). */
  readonly readUpTo: (bytesMax: number) => Effect.Effect<Uint8Array, IoError>

  /**
   * As `readUpTo`, into `target` from its start; succeeds with the count, 0 at the end of the
   * stream. `target` is written only in the instant of success: never after interruption. An empty
   * `target` is `InvalidArgument`.
   */
  readonly readInto: (target: Uint8Array) => Effect.Effect<number, IoError>

  /**
   * Exactly `bytes` (1 to 64 MiB) bytes, yours to keep. Fails with `UnexpectedEnd` when the stream
   * ends first. Interrupted or failed, what has come stays readable.
   */
  readonly readExactly: (bytes: number) => Effect.Effect<Uint8Array, IoError>

  /**
   * The bytes up to and including `delimiter` (not empty), at most `bytesMax` of them, default 64
   * KiB. Fails with `LimitExceeded` when the delimiter is not within `bytesMax`, with
   * `UnexpectedEnd` when the stream ends first. Interrupted or failed, what has come stays
   * readable.
   */
  readonly readUntil: (
    delimiter: Uint8Array,
    options?: { readonly bytesMax?: number | undefined }
  ) => Effect.Effect<Uint8Array, IoError>

  /** What `read` would give without waiting; `none` when that is nothing yet. Never suspends. */
  readonly tryRead: Effect.Effect<Option.Option<Uint8Array>, IoError>

  /**
   * Succeeds when every byte was accepted, which is not when the peer has them: small writes are
   * copied and leave together at the end of the turn; beyond 16 KiB queued it waits for the host,
   * which waits for the peer. A delivery that fails later is told to the next write or `flush`.
   * The array is yours again on success. Interrupted before its first byte left it writes nothing;
   * interrupted later, it leaves the stream `Broken` and resets it. An empty write only checks
   * that the stream can be written. Fails with `Closed` after `shutdown`, `Broken` when the peer
   * is gone.
   */
  readonly write: (bytes: Uint8Array) => Effect.Effect<void, IoError>

  /** As one `write` of all chunks in order (writev(2)): no other fiber's bytes come between. */
  readonly writeAll: (chunks: ReadonlyArray<Uint8Array>) => Effect.Effect<void, IoError>

  /**
   * Writes what fits now and succeeds with that count: 0 when it would block. Never suspends, and
   * copies what it takes.
   */
  readonly tryWrite: (bytes: Uint8Array) => Effect.Effect<number, IoError>

  /**
   * Moves all that comes on this stream to `target` (any stream of the backend, this one as well)
   * until this one ends; succeeds with the count of bytes that were read, when `target` has
   * accepted them as by `write`. Neither is shut down or closed by it. Bytes move in the host's
   * callbacks: its fiber waits once, whatever flows, and a chunk is taken only when `target` has
   * accepted the one before, so that a slow peer holds the other back.
   *
   * It is a reader of this stream all the time (others are `Busy`) and one of the writers of
   * `target`, where another's write may come between two chunks. Fails as `read` does and, when
   * there are bytes to move, as `write` does; what was accepted before stays accepted, and the
   * chunk that met the failure may be lost. Interrupted, every byte that `target` did not begin
   * to send stays readable; a chunk that was begun leaves `target` `Broken`, as an interrupted
   * `write` does, and so does closing this stream meanwhile.
   */
  readonly copyTo: (target: TcpStream, options?: CopyOptions) => Effect.Effect<number, IoError>

  /** Waits until the host has accepted every byte that was written before. */
  readonly flush: Effect.Effect<void, IoError>

  /**
   * Half-close: after the bytes written before, the peer reads the end of the stream; it may go on
   * sending. A second one, or one after the peer's reset, is a no-op. Interrupted while it waits
   * for earlier writes, it has not happened.
   */
  readonly shutdown: Effect.Effect<void, IoError>

  /**
   * Closes with RST: the peer's read fails with `ConnectionReset`, unsent bytes are dropped. Fails
   * with `InvalidArgument` after `shutdown` (the end was promised already), `Unsupported` without
   * the capability `resetClose`. As `close` otherwise.
   */
  readonly reset: Effect.Effect<void, IoError>

  /**
   * Gives the descriptor back. Wakes everyone who waits on the stream with `Closed`; queued bytes
   * may leave for at most the grace period (see `ConnectOptions.closeGrace`), then it is dropped.
   * Bytes that came and were not read make it a reset, as the kernel does (what an unfinished
   * `readExactly` or `readUntil` collected was read). Succeeds when the descriptor is free; never
   * fails; uninterruptible; a second call waits for the first.
   */
  readonly close: Effect.Effect<void>

  /** Waits until `tryRead` has something to say: bytes, the end, or a failure. `Busy` as a read. */
  readonly awaitReadable: Effect.Effect<void, IoError>
  /** Waits until `tryWrite` can take something or fails. One waiter: a second is `Busy`. */
  readonly awaitWritable: Effect.Effect<void, IoError>

  /**
   * Ours. After close the last known one, else `Closed`. A Unix socket without a name has path "".
   */
  readonly localAddress: Effect.Effect<Address, IoError>
  /** The peer's, likewise. */
  readonly peerAddress: Effect.Effect<Address, IoError>

  /** TCP_NODELAY; on by default. `Unsupported` on a Unix stream. */
  readonly setNoDelay: (enabled: boolean) => Effect.Effect<void, IoError>
  /**
   * SO_KEEPALIVE, off by default; the first probe after `idle` (1 s to 32767 s, whole seconds).
   * `Unsupported` on a Unix stream.
   */
  readonly setKeepAlive: (
    setting: false | { readonly idle: Duration.Input }
  ) => Effect.Effect<void, IoError>
}
