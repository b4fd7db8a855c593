/**
 * The style that a formatter cannot decide and a reader should not have to.
 */
import { at, type File, nameOf, type Problem } from "./Repository.ts"
import { linesMatching, scan } from "./Source.ts"

export const linesMax = 400
export const functionLinesMax = 60
export const columnsMax = 100

export const fileLength = (file: File): ReadonlyArray<Problem> => {
  const lines = file.text.trimEnd().split("\n").length
  return lines > linesMax ? [`${file.path} has ${lines} lines`] : []
}

// A table row cannot be broken, and a URL should not be.
const unbreakable = /^\s*\||https?:\/\//

export const lineLength = (file: File): ReadonlyArray<Problem> =>
  file.text
    .split("\n")
    .flatMap((line, index) =>
      Array.from(line).length > columnsMax && !unbreakable.test(line)
        ? [at(file, index + 1, `has ${Array.from(line).length} columns`)]
        : []
    )

// Code is formatted, so a function ends before the first line that is not indented deeper than the
// line that opens it.
const opensFunction = /=>\s*[({[]*$|\bfunction\b.*\{$|^\s*[\w$#. ]*[\w$#]+(?:<.*>)?\(.*\).*\{$/
const opensBlock = /^\s*(?:\} )?(?:if|else|for|while|switch|catch|with|do|try|class|return)\b/
// A suite of tests is a list, and each test is measured.
const opensSuite = /^\s*(?:describe|layer|it\.layer)\b/

const indentOf = (line: string) => line.length - line.trimStart().length

const functionEnd = (lines: ReadonlyArray<string>, start: number): number => {
  const indent = indentOf(lines[start]!)
  let end = start + 1
  while (end < lines.length && (lines[end]!.trim() === "" || indentOf(lines[end]!) > indent)) end++
  // The closing bracket is the function's own; anything else is what follows it.
  return /^\s*[)}\]]/.test(lines[end] ?? "") ? end + 1 : end
}

export const functionLength = (file: File): ReadonlyArray<Problem> => {
  const lines = scan(file.text).code.split("\n")
  return lines.flatMap((line, start) => {
    const opening = line.trimEnd()
    if (!opensFunction.test(opening) || opensSuite.test(opening)) return []
    if (opensBlock.test(opening) && !/=>|\bfunction\b/.test(opening)) return []
    const length = functionEnd(lines, start) - start
    return length > functionLinesMax
      ? [at(file, start + 1, `opens a function of ${length} lines`)]
      : []
  })
}

// Written in halves, so that this file passes its own rule.
const banned = [
  ["FIX", "ME"],
  ["XX", "X"],
  ["@ts-", "ignore"],
  ["@ts-", "nocheck"],
  ["it.", "only"],
  ["test.", "only"],
  ["describe.", "only"],
  ["law.", "only"]
].map((halves) => halves.join(""))

export const bannedWords = (file: File): ReadonlyArray<Problem> =>
  banned.flatMap((word) =>
    linesMatching(file.text, new RegExp(`(?<!\\w)${word.replace(".", "\\.")}(?!\\w)`)).map((line) =>
      at(file, line, `says ${word}`)
    )
  )

/** A file that needs section banners is two files. */
export const banners = (file: File): ReadonlyArray<Problem> =>
  linesMatching(file.text, /^\s*(?:\/\/|\*|\/\*)\s*[=\-#*_]{4,}/).map((line) =>
    at(file, line, "is a banner")
  )

const vague = new Set(["util", "utils", "helper", "helpers", "common", "misc", "types"])

/** `FooTypes.ts`, `foo-utils.ts` and `common.ts` say nothing about what is in them. */
export const fileName = (file: File): ReadonlyArray<Problem> => {
  const words = nameOf(file)
    .replace(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  return words.some((word) => vague.has(word)) ? [`${file.path} has a vague name`] : []
}
