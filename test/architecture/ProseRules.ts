/**
 * What prose names is there: pages and their headings, files, commands.
 */
import { dirname, join, normalize } from "node:path"
import { at, type File, type Problem } from "./Repository.ts"

/** What prose may name. */
export interface Named {
  /** Every file and folder, from the repository's top. */
  readonly paths: ReadonlySet<string>
  /** The text of a page, by its path. */
  readonly pages: ReadonlyMap<string, string>
  /** Of `package.json`. */
  readonly scripts: ReadonlySet<string>
}

/** As GitHub makes the anchor of a heading. */
export const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-")

const fenced = /^```[^\n]*\n[\s\S]*?^```/gm

/** The page without its blocks of code, each line where it was. */
const withoutBlocks = (text: string): string =>
  text.replace(fenced, (block) => block.replace(/[^\n]/g, ""))

const hasAnchor = (page: string, anchor: string): boolean =>
  Array.from(withoutBlocks(page).matchAll(/^#+ (.*)$/gm), ([, heading]) => heading!)
    .map(anchorOf)
    .includes(anchor) || page.includes(`id="${anchor}"`)

/** All that matches in a text, with its line. */
const found = (text: string, pattern: RegExp): ReadonlyArray<readonly [string, number]> =>
  Array.from(text.matchAll(pattern), (match) => [
    match[1]!,
    text.slice(0, match.index).split("\n").length
  ])

/** A link within the repository leads to a file, and to a heading of it where it names one. */
export const links = (file: File, { pages, paths }: Named): ReadonlyArray<Problem> =>
  found(withoutBlocks(file.text), /\]\(([^)\s]+)\)/g)
    .filter(([target]) => !/^[a-z]+:/.test(target))
    .flatMap(([target, line]) => {
      const [path, anchor] = target.split("#")
      const named = path === "" ? file.path : normalize(join(dirname(file.path), path!))
      if (!paths.has(named)) return [at(file, line, `links to what is not there: ${target}`)]
      const page = pages.get(named)
      return anchor === undefined || (page !== undefined && hasAnchor(page, anchor))
        ? []
        : [at(file, line, `links to no heading: ${target}`)]
    })

const fileName = /^[\w./-]+\.(?:ts|md|html|svg|json|c|zone)$/
const folderName = /^(?:[\w.-]+\/)+$|^(?:packages|apps|test|docs)\/[\w./-]+$/

/** `core/src/Tcp.ts`, `core/Tcp.ts` and `Tcp.ts` are short for one; `src/` is the page's own. */
const isThere = (file: File, name: string, paths: ReadonlySet<string>): boolean => {
  const path = name.replace(/\/$/, "")
  const [first, ...rest] = path.split("/")
  const whole = [path, join(dirname(file.path), path), join("packages", first!, "src", ...rest)]
  return (
    whole.some((candidate) => paths.has(normalize(candidate))) ||
    (first !== "src" && [...paths].some((candidate) => candidate.endsWith(`/${path}`)))
  )
}

/** A file or folder that is named as code is there. */
export const files = (file: File, { paths }: Named): ReadonlyArray<Problem> =>
  found(withoutBlocks(file.text), /`([^`\n]+)`/g)
    .filter(([name]) => fileName.test(name) || folderName.test(name))
    .filter(([name]) => !isThere(file, name, paths))
    .map(([name, line]) => at(file, line, `names what is not there: ${name}`))

const setting = /\benv\["([A-Z_]+)"\]/g

/** What a test reads of the environment, to do more than usual, is named in prose. */
export const settings = (file: File, { pages }: Named): ReadonlyArray<Problem> =>
  file.path.endsWith(".test.ts")
    ? found(file.text, setting)
        .filter(
          ([name]) => !Array.from(pages.values()).some((text) => text.includes(`\`${name}\``))
        )
        .map(([name, line]) => at(file, line, `reads ${name}, which no page names`))
    : []

// Commands of pnpm's own. `pnpm docs <package>` opens a browser: a script of the name needs `run`.
const ownCommands = new Set(["docs", "install", "run"])

const isCommand = (words: string, scripts: ReadonlySet<string>): boolean => {
  const [first, second] = words.split(" ")
  if (first === "run") return scripts.has(second ?? "")
  return ownCommands.has(first!) ? !scripts.has(first!) : scripts.has(first!)
}

/** `pnpm <script>` and `pnpm run <script>`, as code, are scripts of `package.json`. */
export const commands = (file: File, { scripts }: Named): ReadonlyArray<Problem> =>
  found(file.text, /(?:^|`|\$ |npx -y )pnpm(?:@[\d.]+)? ([a-z]\w*(?: [a-z]\w*)?)/gm)
    .filter(([words]) => !isCommand(words, scripts))
    .map(([words, line]) => at(file, line, `names no script: pnpm ${words}`))
