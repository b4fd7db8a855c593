/** PEM (RFC 7468): base64 between two lines that say what it is. Text around blocks is ignored. */
import { Malformed } from "./Malformed.ts"

export interface PemBlock {
  /** `CERTIFICATE` */
  readonly label: string
  readonly bytes: Uint8Array
}

/** Longer texts are refused unread. */
export const charactersMax = 4 * 1024 * 1024

const block = /-----BEGIN ([A-Z0-9 ]{1,64})-----([^-]*)-----END ([A-Z0-9 ]{1,64})-----/g

/** Every block, in order. One that is no base64, or is not ended as it began, spoils all. */
export const decode = (text: string): ReadonlyArray<PemBlock> | Malformed => {
  if (text.length > charactersMax) return new Malformed(`more than ${charactersMax} characters`, 0)
  const blocks: Array<PemBlock> = []
  for (const { 1: label, 2: body, 3: ending, index } of text.matchAll(block)) {
    const bytes = label === ending ? fromBase64(body!.replace(/[ \t\r\n]+/g, "")) : undefined
    if (bytes === undefined) return new Malformed(`a broken block ${label}`, index)
    blocks.push({ label: label!, bytes })
  }
  return blocks
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
const values: ReadonlyMap<string, number> = new Map(
  Array.from(alphabet, (letter, at) => [letter, at])
)

const fromBase64 = (text: string): Uint8Array | undefined => {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined
  const digits = text.replace(/=+$/, "")
  const bytes = new Uint8Array(Math.floor((digits.length * 3) / 4))
  let bits = 0
  let count = 0
  let at = 0
  for (const letter of digits) {
    bits = ((bits << 6) | values.get(letter)!) & 0xffff
    count += 6
    if (count < 8) continue
    count -= 8
    bytes[at++] = (bits >> count) & 0xff
  }
  return bytes
}
