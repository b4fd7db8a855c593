/** Where a world is known to differ, and why. One that has gone fails the build. */

export type WorldName = "node" | "bun" | "sim"

export interface Difference {
  readonly program: string
  readonly world: WorldName
  readonly trace: string
  readonly because: string
}

export const differences: ReadonlyArray<Difference> = [
  {
    program: "tcp: c close, c local",
    world: "sim",
    trace: "c close: ok; c local: InetAddressV4",
    because: "After close the last known address is told; the simulator knows it without asking"
  },
  {
    program: "copy: directory",
    world: "bun",
    trace: "copy: Unknown; directory: directory; file: file; other: NotFound",
    because: "Bun's copyFile fails with a code that nobody has translated yet"
  }
]
