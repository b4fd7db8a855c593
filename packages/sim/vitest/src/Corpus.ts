/** Failures that were found before, as files of a folder. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { Replay, Trace } from "@portico/sim"

const extension = ".simreplay"

export interface Recorded {
  readonly path: string
  readonly replay: Replay.Replay
}

export const readReplay = (path: string): Recorded => ({
  path,
  replay: Replay.read(readFileSync(path, "utf8"))
})

/** Those of one test, by name. A folder that is not there has none. */
export const readCorpus = (folder: string, name: string): ReadonlyArray<Recorded> =>
  namesIn(folder)
    .filter((file) => file.endsWith(extension))
    .toSorted()
    .map((file) => readReplay(join(folder, file)))
    .filter(({ replay }) => replay.name === name)

const namesIn = (folder: string): ReadonlyArray<string> => {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** Writes it, if the folder can be written to; gives its path, or undefined. */
export const writeReplay = (folder: string, replay: Replay.Replay): string | undefined => {
  const path = join(folder, `${slug(replay.name)}-${replay.seed}${extension}`)
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, Replay.write(replay))
    return path
  } catch {
    return undefined
  }
}

/** Draws a run beside the file that repeats it; gives the page's path, or undefined. */
export const writePage = (
  path: string | undefined,
  events: ReadonlyArray<Trace.TraceEvent>,
  options: Trace.DiagramOptions
): string | undefined => {
  if (path === undefined) return undefined
  const page = `${path.slice(0, -extension.length)}.html`
  try {
    writeFileSync(page, Trace.toHtml(events, options))
    return page
  } catch {
    return undefined
  }
}

const slug = (name: string): string =>
  name
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .slice(0, 60)
