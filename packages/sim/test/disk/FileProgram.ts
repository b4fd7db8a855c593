/** Random programs of file operations, decided by a seed: what is asked, of any file system. */
import { Prng } from "../../src/Prng.ts"

export interface OpenFlags {
  readonly access: "read" | "write" | "readWrite"
  readonly append: boolean
  readonly create: "never" | "ifMissing" | "exclusive"
  readonly truncate: boolean
  readonly noFollow: boolean
}

export type Step =
  | { readonly do: "open"; readonly path: string; readonly flags: OpenFlags }
  | {
      readonly do: "read"
      readonly slot: number
      readonly position: number | undefined
      readonly bytes: number
    }
  | {
      readonly do: "write"
      readonly slot: number
      readonly position: number | undefined
      readonly text: string
    }
  | { readonly do: "truncate"; readonly slot: number; readonly bytes: number }
  | { readonly do: "close" | "sync" | "fstat"; readonly slot: number }
  | { readonly do: PathVerb; readonly path: string }
  | { readonly do: "rename" | "link" | "symlink"; readonly from: string; readonly to: string }
  | {
      readonly do: "copy"
      readonly from: string
      readonly to: string
      readonly isExclusive: boolean
    }
  | { readonly do: "setMode"; readonly path: string; readonly mode: number }

const pathVerbs = [
  "stat",
  "linkStat",
  "readLink",
  "realPath",
  "unlink",
  "createDirectory",
  "createDirectory",
  "removeDirectory",
  "list",
  "readAll"
] as const
export type PathVerb = (typeof pathVerbs)[number]

/** Files that a program may have open at once. */
export const slotsMax = 4

const names = ["a", "b", "c", "d"]
const oddNames = [".", "..", "x".repeat(256), "é"]
const modes = [0o600, 0o700, 0o644, 0o755]
const positions = [0, 1, 100, 4095, 4096, 5000, 20_000]

export class ProgramDraws {
  private readonly draws: Prng

  constructor(seed: number) {
    this.draws = new Prng(seed, 0)
  }

  pick<A>(items: ReadonlyArray<A>): A {
    return items[this.draws.below(items.length)]!
  }

  chance(perCent: number): boolean {
    return this.draws.below(100) < perCent
  }

  path(): string {
    let path = this.chance(6) ? this.pick(oddNames) : this.pick(names)
    while (this.chance(35)) path += `/${this.chance(6) ? this.pick(oddNames) : this.pick(names)}`
    return this.chance(4) ? `${path}/` : path
  }

  private flags(): OpenFlags {
    return {
      access: this.pick(["read", "write", "readWrite", "readWrite"]),
      append: this.chance(15),
      create: this.pick(["never", "ifMissing", "ifMissing", "ifMissing", "exclusive"]),
      truncate: this.chance(15),
      noFollow: this.chance(15)
    }
  }

  private onSlot(): Step {
    const slot = this.draws.below(slotsMax)
    const position = this.chance(50) ? this.pick(positions) : undefined
    const kind = this.draws.below(20)
    if (kind < 6) return { do: "read", slot, position, bytes: this.pick([1, 50, 5000]) }
    if (kind < 13) {
      return {
        do: "write",
        slot,
        position,
        text: this.pick(names).repeat(this.pick([1, 30, 6000]))
      }
    }
    if (kind < 15) return { do: "truncate", slot, bytes: this.pick(positions) }
    return { do: this.pick(["close", "close", "sync", "fstat", "fstat"]), slot }
  }

  step(): Step {
    if (this.chance(35)) return this.onSlot()
    const path = this.path()
    const kind = this.draws.below(20)
    if (kind < 5) return { do: "open", path, flags: this.flags() }
    if (kind < 8) return { do: "rename", from: path, to: this.path() }
    if (kind < 9) return { do: "link", from: path, to: this.path() }
    if (kind < 11) return { do: "symlink", from: path, to: this.path() }
    if (kind < 12) return { do: "copy", from: path, to: this.path(), isExclusive: this.chance(30) }
    if (kind < 13) return { do: "setMode", path, mode: this.pick(modes) }
    return { do: this.pick(pathVerbs), path }
  }
}

export const program = (seed: number, steps: number): ReadonlyArray<Step> => {
  const draws = new ProgramDraws(seed)
  return Array.from({ length: steps }, () => draws.step())
}
