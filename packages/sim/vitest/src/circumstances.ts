/** What a run is recorded with: versions of what it ran on, for whom it goes otherwise later. */
import { createRequire } from "node:module"

export type Circumstances = { readonly [name: string]: string }

const engines = ["node", "bun", "v8", "webkit"]

/** Those of this process, and the version of Effect. */
export const circumstances = (): Circumstances => {
  const { version } = createRequire(import.meta.url)("effect/package.json") as { version: string }
  const known = engines.flatMap((name): Array<[string, string]> => {
    const found = process.versions[name]
    return found === undefined ? [] : [[name, found]]
  })
  return Object.fromEntries([...known, ["effect", version]])
}

/** A line on what is not as it was recorded; none if all is, or nothing was. */
export const changes = (recorded: Circumstances, now: Circumstances): ReadonlyArray<string> => {
  const changed = Object.entries(recorded).filter(([name, version]) => now[name] !== version)
  if (changed.length === 0) return []
  const words = changed.map(([name, version]) => `${name} ${version} (${now[name] ?? "none"} now)`)
  return [`It was recorded with ${words.join(", ")}.`]
}
