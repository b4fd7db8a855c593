/** The pinned runtimes, as commands that run a TypeScript file of this workspace. */
import { createRequire } from "node:module"
import { dirname, join } from "node:path"

export type Host = "node" | "bun"

/** An executable and its options. */
export type Command = readonly [executable: string, ...options: ReadonlyArray<string>]

// The executable itself: the `bun` in `.bin` is a shell script that starts it.
const bun = () =>
  join(dirname(createRequire(import.meta.url).resolve("bun/package.json")), "bin/bun.exe")

/** `--expose-gc` is for every contestant alike: the idle case collects before it weighs. */
export const command = (host: Host): Command =>
  host === "node"
    ? [process.execPath, "--conditions=source", "--expose-gc"]
    : [bun(), "--conditions=source", "--expose-gc"]
