/**
 * What the harness and the processes it starts say to each other: one line, a word and then text.
 * The harness writes to their standard input; they answer on standard output.
 */
export interface Lines {
  /** The load is connected and warm, or the server listens: then the text is its port. */
  readonly ready: string
  /** A `Usage` as JSON. */
  readonly usage: string
  /** What a load generator measured, as JSON. */
  readonly done: string
}

export type Word = keyof Lines

export const format = (word: Word, text: string): string => `${word} ${text}\n`

/** The text behind the word, or undefined when the line begins with something else. */
export const parse = (word: Word, line: string): string | undefined =>
  line.startsWith(`${word} `) ? line.slice(word.length + 1) : undefined
