/**
 * A line of `sha256sum` (GNU coreutils): 64 hexadecimal digits, two spaces, the path. In a path a
 * backslash and a line's end are escaped, and then the line begins with a backslash.
 */

export interface Line {
  readonly hex: string
  readonly path: string
}

const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r" }
const escaped: Readonly<Record<string, string>> = { "\\\\": "\\", "\\n": "\n", "\\r": "\r" }

export const format = ({ hex, path }: Line): string => {
  const safe = path.replace(/[\\\n\r]/g, (character) => escapes[character]!)
  return `${safe === path ? "" : "\\"}${hex}  ${safe}`
}

/** Undefined when it is none. The mark of binary mode (` *`) is taken, too. */
export const parse = (text: string): Line | undefined => {
  const match = /^(\\?)([0-9a-f]{64}) [ *](.+)$/i.exec(text)
  if (match === null) return undefined
  const [, mark, hex, written] = match as unknown as [string, string, string, string]
  if (mark === "") return { hex: hex.toLowerCase(), path: written }
  if (/\\(?![\\nr])/.test(written.replaceAll("\\\\", ""))) return undefined
  const path = written.replace(/\\[\\nr]/g, (escape) => escaped[escape]!)
  return { hex: hex.toLowerCase(), path }
}
