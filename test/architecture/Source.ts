/**
 * Just enough of TypeScript's grammar to tell code from comments and strings.
 */

/** A source with parts of it blanked by spaces, so that lines and columns stay where they were. */
export interface Source {
  /** Without comments. */
  readonly text: string
  /** Without comments, and without the contents of strings, templates and regular expressions. */
  readonly code: string
}

const comment = /\/\/[^\n]*|\/\*[\s\S]*?\*\//y
const quoted = /"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/y
const regexp = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y
const templateChunk = /[`}](?:\\[\s\S]|\$(?!\{)|[^`\\$])*(?:`|\$\{)/y

// A slash divides after a value and starts a regular expression elsewhere.
const beforeRegexp = /(?:^|[(,=:[!&|?{};+\-*%~^<>]|\b(?:return|typeof|case|in|of|do|else|void))\s*$/

const blank = (part: string) => part.replace(/[^\n]/g, " ")

const match = (pattern: RegExp, source: string, index: number): string | undefined => {
  pattern.lastIndex = index
  return pattern.exec(source)?.[0]
}

const scanned = new Map<string, Source>()

/** Each source once: several rules look at it. */
export const scan = (source: string): Source => {
  const known = scanned.get(source) ?? scanAnew(source)
  scanned.set(source, known)
  return known
}

const scanAnew = (source: string): Source => {
  let text = ""
  let code = ""
  let index = 0
  // Braces that are open inside each `${…}` that is open.
  const substitutions: Array<number> = []

  const take = (part: string, inText: string, inCode: string) => {
    text += inText
    code += inCode
    index += part.length
  }

  while (index < source.length) {
    const char = source[index]!
    const inTemplate = char === "`" || (char === "}" && substitutions.at(-1) === 0)
    const chunk = inTemplate ? match(templateChunk, source, index) : undefined
    if (chunk !== undefined) {
      if (char === "}") substitutions.pop()
      if (chunk.endsWith("${")) substitutions.push(0)
      take(chunk, chunk, blank(chunk))
      continue
    }
    const remark = match(comment, source, index)
    if (remark !== undefined) {
      take(remark, blank(remark), blank(remark))
      continue
    }
    const literal =
      match(quoted, source, index) ??
      (beforeRegexp.test(code.slice(-40)) ? match(regexp, source, index) : undefined)
    if (literal !== undefined) {
      take(literal, literal, `"${blank(literal.slice(2))}"`)
      continue
    }
    const depth = substitutions.length - 1
    if (depth >= 0 && char === "{") substitutions[depth]!++
    if (depth >= 0 && char === "}") substitutions[depth]!--
    take(char, char, char)
  }
  return { text, code }
}

const specifier = /\b(?:from|import)\s*\(?\s*["']([^"'\n]+)["']/g

/** What a source imports or re-exports, static or dynamic. */
export const importsOf = (source: Source): ReadonlyArray<string> =>
  [...source.text.matchAll(specifier)]
    // The keyword is blank in `code` when all of it stands inside a string.
    .filter((found) => source.code[found.index] !== " ")
    .map((found) => found[1]!)

/** The numbers, from 1, of the lines that match. */
export const linesMatching = (text: string, pattern: RegExp): ReadonlyArray<number> =>
  text.split("\n").flatMap((line, index) => (pattern.test(line) ? [index + 1] : []))
