/** What a server says, in RESP2 or RESP3: the values that a client sees. */
import type { Bytes } from "../../src/resp/Ascii.ts"

export type Reply =
  | { readonly _tag: "Simple"; readonly text: string }
  | { readonly _tag: "Error"; readonly text: string }
  | { readonly _tag: "Integer"; readonly value: bigint }
  | { readonly _tag: "Bulk"; readonly bytes: Bytes }
  | { readonly _tag: "Null" }
  | { readonly _tag: "Boolean"; readonly value: boolean }
  | { readonly _tag: "Double"; readonly value: number }
  | { readonly _tag: "BigNumber"; readonly text: string }
  | { readonly _tag: "Array"; readonly items: ReadonlyArray<Reply> }
  | { readonly _tag: "Set"; readonly items: ReadonlyArray<Reply> }
  /** Not the answer to a request: a message of a channel. */
  | { readonly _tag: "Push"; readonly items: ReadonlyArray<Reply> }
  /** Keys and values in turn. */
  | { readonly _tag: "Map"; readonly items: ReadonlyArray<Reply> }
