/**
 * The files that people write: sources, tests and prose, without what tools produce.
 */
import { readdirSync, readFileSync } from "node:fs"
import { basename, dirname, extname, join, relative } from "node:path"
import { fileURLToPath } from "node:url"

export interface File {
  /** From the repository's top, with forward slashes. */
  readonly path: string
  readonly text: string
}

/** What a rule says about a file, or about a line in it. */
export type Problem = string

export const top = fileURLToPath(new URL("../..", import.meta.url))

// Other tests write and remove some of these meanwhile.
const produced = new Set(["node_modules", "dist", ".git", ".turbo", ".vitest", ".sim"])

const pathsUnder = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !produced.has(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? pathsUnder(path) : [path]
    })

const read = (path: string): File => ({
  path: relative(top, path),
  text: readFileSync(path, "utf8")
})

const written = pathsUnder(top).map(read)

const withFolders = (path: string): ReadonlyArray<string> =>
  path === "." ? [] : [path, ...withFolders(dirname(path))]

/** Every file and every folder that has one. */
export const paths: ReadonlySet<string> = new Set(written.flatMap(({ path }) => withFolders(path)))

const withExtension = (extension: string) =>
  written.filter((file) => extname(file.path) === extension)

export const typescript = withExtension(".ts")

// Changesets are one paragraph per line, as their tool writes them.
export const prose = withExtension(".md").filter((file) => !file.path.startsWith(".changeset/"))

/** `packages/core/src/Tcp.ts` belongs to package `core`. */
export const packageOf = (file: File): string | undefined =>
  /^packages\/([^/]+)\/src\//.exec(file.path)?.[1]

/** The problem with its place. `line` counts from 1. */
export const at = (file: File, line: number, problem: string): Problem =>
  `${file.path}:${line} ${problem}`

/** A file that does not exist, for showing that a rule can fail. */
export const sample = (path: string, ...lines: ReadonlyArray<string>): File => ({
  path,
  text: lines.join("\n")
})

export const nameOf = (file: File): string => basename(file.path)
