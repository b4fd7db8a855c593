/** What reading files costs: the raw host, `Bun.file`, Effect's `FileSystem`, and Portico. */
import type { Contestant } from "../Contestant.ts"
import type { Host } from "../Host.ts"
import type { Suite } from "../Suite.ts"
import { filesCase } from "./FilesCase.ts"

const contestant = (name: string, host: Host, file: string): Contestant => ({
  name,
  host,
  program: new URL(`programs/${file}`, import.meta.url),
  ratioTo: `${host}-raw`
})

const porticoNode = contestant("portico-node", "node", "portico.node.ts")

export const files: Suite = {
  name: "files",
  summary: "Files that are in the page cache",
  baseline: "callbacks of `node:fs` on the same host",
  contestants: [
    contestant("node-raw", "node", "raw.ts"),
    porticoNode,
    { ...porticoNode, name: "portico-node-ffi", options: ["--experimental-ffi"] },
    contestant("effect-node", "node", "effect.ts"),
    contestant("bun-raw", "bun", "raw.ts"),
    contestant("bun-file", "bun", "bunFile.ts"),
    contestant("portico-bun", "bun", "portico.bun.ts"),
    contestant("effect-bun", "bun", "effect.ts")
  ],
  cases: [
    filesCase("random-4k", "4 KiB at random places of 1 GiB, one after the other", "random"),
    filesCase("random-4k-x16", "the same, 16 under way", "random", 16),
    filesCase("sequential-1g", "1 GiB from its start, 256 KiB at a time", "sequential"),
    filesCase("small-files", "10,000 files of 1 KiB, each read whole, 16 under way", "small", 16),
    filesCase("walk", "a tree of 10,000 files in 600 folders; an operation is an entry", "walk")
  ]
}
