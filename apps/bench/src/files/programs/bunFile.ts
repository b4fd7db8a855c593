/** `Bun.file`: slices, whole files; it knows no folders, which are read by `node:fs` here. */
import * as fs from "node:fs/promises"
import { pageBytes, partBytes, play, told } from "./turn.ts"

const { inFlight, large, tree } = told()

const loops = async (loop: () => Promise<void>): Promise<void> =>
  void (await Promise.all(Array.from({ length: inFlight }, loop)))

await play(told(), {
  random: (places) =>
    loops(async () => {
      const file = Bun.file(large)
      for (let at = places.next(); at !== -1; at = places.next()) {
        await file.slice(at, at + pageBytes).arrayBuffer()
      }
    }),
  sequential: async () => {
    const file = Bun.file(large)
    for (let count = 0; ; count++) {
      const part = file.slice(count * partBytes, (count + 1) * partBytes)
      if ((await part.arrayBuffer()).byteLength === 0) return count
    }
  },
  small: (next) =>
    loops(async () => {
      for (let path = next(); path !== undefined; path = next()) {
        await Bun.file(path).arrayBuffer()
      }
    }),
  walk: async () => (await fs.readdir(tree, { recursive: true })).length
})
process.exit(0)
