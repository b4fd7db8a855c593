/**
 * What client and server agree on: block size (RFC 2348), time-out and transfer size (RFC 2349),
 * window (RFC 7440). An option that is out of its bounds, or unknown, is left out of the answer, as
 * RFC 2347 has it; a block size or window that is too large is answered with a smaller one.
 */
import type { Request } from "./Packet.ts"

export interface Limits {
  /** 8 to 65,464. */
  readonly blockBytesMax: number
  /** Blocks, 1 to 65,535. */
  readonly windowMax: number
  /** Without the option. */
  readonly timeoutSeconds: number
}

export interface Agreement {
  readonly blockBytes: number
  /** Blocks that are sent before one acknowledgement. */
  readonly window: number
  readonly timeoutSeconds: number
  /** Of a write: what the client says that it sends. */
  readonly bytesAnnounced: number | undefined
  /** To be acknowledged; empty without options. */
  readonly answer: ReadonlyMap<string, string>
}

const integer = (text: string | undefined, min: number, max: number): number | undefined => {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined
  const value = Number(text)
  return value >= min && value <= max ? value : undefined
}

/** `bytes` is the length of the file that is read; of a write it is not known. */
export const agree = (
  { _tag, options }: Request,
  limits: Limits,
  bytes: number | undefined
): Agreement => {
  const answer = new Map<string, string>()
  const accept = (name: string, value: number | undefined): number | undefined => {
    if (value !== undefined) answer.set(name, String(value))
    return value
  }
  const asked = (name: string, min: number, max: number) => integer(options.get(name), min, max)
  const atMost = (value: number | undefined, max: number) => value && Math.min(value, max)
  const blockBytes = accept("blksize", atMost(asked("blksize", 8, 65_464), limits.blockBytesMax))
  const window = accept("windowsize", atMost(asked("windowsize", 1, 65_535), limits.windowMax))
  const timeoutSeconds = accept("timeout", asked("timeout", 1, 255))
  const size = asked("tsize", 0, Number.MAX_SAFE_INTEGER)
  if (size !== undefined) accept("tsize", _tag === "Read" ? bytes : size)
  return {
    blockBytes: blockBytes ?? 512,
    window: window ?? 1,
    timeoutSeconds: timeoutSeconds ?? limits.timeoutSeconds,
    bytesAnnounced: _tag === "Write" ? size : undefined,
    answer
  }
}
