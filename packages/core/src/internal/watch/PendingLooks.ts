/** Where to look: names in directories, or all of a directory. Bounded. */

/** Names that are remembered one by one; beyond it, all of their directories is looked at. */
const namesMax = 65_536

/** Names, each with whether its content is said to have changed; undefined is all there are. */
export type Wanted = ReadonlyMap<string, boolean> | undefined

export class PendingLooks {
  private directories = new Map<string, Map<string, boolean> | undefined>()
  private names = 0

  get isEmpty(): boolean {
    return this.directories.size === 0
  }

  addName(directory: string, name: string, isContent: boolean): void {
    const known = this.directories.get(directory)
    if (known === undefined && this.directories.has(directory)) return
    if (this.names >= namesMax) return this.addAll(directory)
    const names = known ?? new Map<string, boolean>()
    if (known === undefined) this.directories.set(directory, names)
    if (!names.has(name)) this.names++
    names.set(name, isContent || names.get(name) === true)
  }

  addAll(directory: string): void {
    this.names -= this.directories.get(directory)?.size ?? 0
    this.directories.set(directory, undefined)
  }

  /** All of it, in the order in which it came. */
  take(): ReadonlyMap<string, Wanted> {
    const taken = this.directories
    this.directories = new Map()
    this.names = 0
    return taken
  }
}
