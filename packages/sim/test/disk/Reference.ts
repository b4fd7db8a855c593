/**
 * One folder of files as plain text, twice: what programs see, and what is durable. Written to be
 * obviously right, for comparison with the disk.
 */
import type { Prng } from "../../src/Prng.ts"

export interface ReferenceFile {
  text: string
  durable: string
  /** Written to since it was synced. */
  isDirty: boolean
  /** At each position, the characters that were ever there. */
  readonly ever: Array<string>
}

export type ReferenceStep =
  | { readonly do: "write"; readonly name: string; readonly at: number; readonly text: string }
  | { readonly do: "append"; readonly name: string; readonly text: string }
  | { readonly do: "truncate"; readonly name: string; readonly bytes: number }
  | { readonly do: "rename" | "link"; readonly name: string; readonly to: string }
  | { readonly do: "unlink"; readonly name: string }
  | { readonly do: "sync"; readonly name: string }
  | { readonly do: "syncFolder" }

const names = ["a", "b", "c"]
const kinds = [
  "write",
  "write",
  "append",
  "append",
  "truncate",
  "rename",
  "link",
  "unlink",
  "sync",
  "sync",
  "syncFolder"
] as const

export const drawStep = (draws: Prng): ReferenceStep => {
  const kind = kinds[draws.below(kinds.length)]!
  const name = names[draws.below(names.length)]!
  const text = String.fromCharCode(65 + draws.below(26)).repeat(1 + draws.below(300))
  switch (kind) {
    case "write":
      return { do: kind, name, at: draws.below(900), text }
    case "append":
      return { do: kind, name, text }
    case "truncate":
      return { do: kind, name, bytes: draws.below(900) }
    case "rename":
    case "link":
      return { do: kind, name, to: names[draws.below(names.length)]! }
    case "unlink":
    case "sync":
      return { do: kind, name }
    case "syncFolder":
      return { do: kind }
  }
}

export class Reference {
  readonly names = new Map<string, ReferenceFile>()
  durableNames = new Map<string, ReferenceFile>()
  /** All that there ever were. */
  readonly files: Array<ReferenceFile> = []
  /** Names that changed since the folder was synced. */
  readonly touched = new Set<string>()

  apply(step: ReferenceStep): void {
    if (step.do === "syncFolder") {
      this.durableNames = new Map(this.names)
      this.touched.clear()
      return
    }
    const file = this.names.get(step.name)
    switch (step.do) {
      case "write":
        return this.put(this.opened(step.name), step.at, step.text)
      case "append": {
        const opened = this.opened(step.name)
        return this.put(opened, opened.text.length, step.text)
      }
      case "truncate":
        return this.set(this.opened(step.name), resized(this.opened(step.name).text, step.bytes))
      case "sync":
        if (file === undefined) return
        file.durable = file.text
        file.isDirty = false
        return
      default:
        return this.change(step, file)
    }
  }

  private change(
    step: Extract<ReferenceStep, { do: "rename" | "link" | "unlink" }>,
    file: ReferenceFile | undefined
  ): void {
    if (file === undefined) return
    if (step.do === "unlink") return this.remove(step.name)
    const there = this.names.get(step.to)
    if (there === file || (step.do === "link" && there !== undefined)) return
    if (step.do === "rename") this.remove(step.name)
    this.names.set(step.to, file)
    this.touched.add(step.to)
  }

  private remove(name: string): void {
    this.names.delete(name)
    this.touched.add(name)
  }

  private opened(name: string): ReferenceFile {
    const there = this.names.get(name)
    if (there !== undefined) return there
    const file: ReferenceFile = { text: "", durable: "", isDirty: false, ever: [] }
    this.files.push(file)
    this.names.set(name, file)
    this.touched.add(name)
    return file
  }

  private put(file: ReferenceFile, at: number, text: string): void {
    const before = resized(file.text, Math.max(at, file.text.length))
    for (let index = 0; index < text.length; index++) {
      file.ever[at + index] = (file.ever[at + index] ?? "") + text[index]!
    }
    this.set(file, before.slice(0, at) + text + before.slice(at + text.length))
  }

  private set(file: ReferenceFile, text: string): void {
    file.text = text
    file.isDirty = true
  }
}

const resized = (text: string, length: number): string => text.slice(0, length).padEnd(length, "\0")
