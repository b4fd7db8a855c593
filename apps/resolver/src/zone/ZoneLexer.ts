/**
 * A zone file's entries and words (RFC 1035 §5.1): comments, quotes, escapes, and parentheses, in
 * which the ends of lines count as blanks.
 */
import { ZoneProblem } from "./ZoneError.ts"

export interface Word {
  /** With its escapes: `\.` and `\046` are not what they stand for yet. */
  readonly text: string
  readonly isQuoted: boolean
  readonly line: number
}

export interface Entry {
  /** Where it begins. */
  readonly line: number
  /** It begins with a blank: its owner is the last one. */
  readonly isIndented: boolean
  readonly words: ReadonlyArray<Word>
}

// One word, or one sign, from where the last one ended. A backslash takes the next character along.
const token = /[ \t\f\v]+|;[^\n]*|\r?\n|[()]|"(?:\\[^\n]|[^"\\\n])*"|(?:\\[^\n]|[^\s;()"\\])+/uy

/** All entries with words in them. */
export function* entriesOf(text: string): Generator<Entry, void> {
  let line = 1
  let words: Array<Word> = []
  let start = 1
  let isIndented = false
  const parentheses: Array<number> = []
  const entry = (): Entry => ({ line: start, isIndented, words })
  token.lastIndex = 0
  for (let at = 0; at < text.length;) {
    token.lastIndex = at
    const found = token.exec(text)?.[0]
    if (found === undefined) throw new ZoneProblem(line, describe(text, at))
    const isLineStart = at === 0 || text[at - 1] === "\n"
    at += found.length
    const first = found[0]!
    if (first === "\n" || first === "\r") {
      line++
      if (parentheses.length > 0) continue
      if (words.length > 0) yield entry()
      words = []
      isIndented = false
    } else if (first === "(") parentheses.push(line)
    else if (first === ")") {
      if (parentheses.length === 0) throw new ZoneProblem(line, "A parenthesis closes nothing")
      parentheses.pop()
    } else if (/[ \t\f\v]/.test(first)) {
      if (isLineStart && parentheses.length === 0) isIndented = true
    } else if (first !== ";") {
      if (words.length === 0) start = line
      const isQuoted = first === '"'
      words.push({ text: isQuoted ? found.slice(1, -1) : found, isQuoted, line })
    }
  }
  if (parentheses.length > 0) throw new ZoneProblem(parentheses[0]!, "A parenthesis is not closed")
  if (words.length > 0) yield entry()
}

const describe = (text: string, at: number): string => {
  if (text[at] === '"') return "A quote is not closed on its line"
  if (text[at] === "\\") return "A backslash is followed by nothing"
  return `A character that does not belong there: ${JSON.stringify(text[at])}`
}
