/** What a file that is followed has to tell. */
import * as Data from "effect/Data"

export type TailEvent = Data.TaggedEnum<{
  /** What came next; never empty, at most 64 KiB. Yours to keep. */
  Bytes: { readonly bytes: Uint8Array }
  /** What follows is from the start of another file: a line that was begun ends here. */
  Rotated: {}
  /** The file was cut: what follows is from its start. A line that was begun ends here. */
  Truncated: {}
}>

export const TailEvent = Data.taggedEnum<TailEvent>()
