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

/** Hexadecimal digits of the longest data there is. */
const wordLettersMax = 2 * 65_535

const blanks = " \t\f\v\r"
const ends = `${blanks}\n;()"`

/** All entries with words in them. */
export function* entriesOf(text: string): Generator<Entry, void> {
  let line = 1
  let words: Array<Word> = []
  let isIndented = false
  const parentheses: Array<number> = []
  const entry = (): Entry => ({ line: words[0]!.line, isIndented, words })
  for (let at = 0; at < text.length;) {
    const letter = text[at]!
    if (letter === "\n") {
      line++
      at++
      if (parentheses.length > 0) continue
      if (words.length > 0) yield entry()
      words = []
      isIndented = false
    } else if (blanks.includes(letter)) {
      const isLineStart = at === 0 || text[at - 1] === "\n"
      if (isLineStart && parentheses.length === 0) isIndented = true
      at++
    } else if (letter === ";") {
      const end = text.indexOf("\n", at)
      at = end === -1 ? text.length : end
    } else if (letter === "(") {
      parentheses.push(line)
      at++
    } else if (letter === ")") {
      if (parentheses.pop() === undefined)
        throw new ZoneProblem(line, "A parenthesis closes nothing")
      at++
    } else {
      const isQuoted = letter === '"'
      const start = isQuoted ? at + 1 : at
      const end = isQuoted ? quoteEnd(text, start, line) : wordEnd(text, start, line)
      words.push({ text: text.slice(start, end), isQuoted, line })
      at = isQuoted ? end + 1 : end
    }
  }
  if (parentheses.length > 0) throw new ZoneProblem(parentheses[0]!, "A parenthesis is not closed")
  if (words.length > 0) yield entry()
}

const wordEnd = (text: string, start: number, line: number): number => {
  let at = start
  while (at < text.length && !ends.includes(text[at]!)) at = past(text, at, line)
  return checked(start, at, line)
}

/** Where its quote is. */
const quoteEnd = (text: string, start: number, line: number): number => {
  let at = start
  while (text[at] !== '"') {
    if (at >= text.length || text[at] === "\n") {
      throw new ZoneProblem(line, "A quote is not closed on its line")
    }
    at = past(text, at, line)
  }
  return checked(start, at, line)
}

/** Past one letter, or two: a backslash takes the next one along. */
const past = (text: string, at: number, line: number): number => {
  if (text[at] !== "\\") return at + 1
  const next = text[at + 1]
  if (next !== undefined && next !== "\n") return at + 2
  throw new ZoneProblem(line, "A backslash is followed by nothing")
}

const checked = (start: number, end: number, line: number): number => {
  if (end - start <= wordLettersMax) return end
  throw new ZoneProblem(line, `A word is longer than ${wordLettersMax} letters: ${end - start}`)
}
