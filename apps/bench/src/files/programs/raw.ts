/** `node:fs` by its callbacks, on Node and on Bun. */
import * as fs from "node:fs"
import { pageBytes, partBytes, play, told } from "./turn.ts"

const { inFlight, large, tree } = told()
const descriptor = fs.openSync(large, "r")

/** So many chains at once, each of which goes on until it calls back. */
const chains = (start: (done: () => void) => void): Promise<void> =>
  new Promise((resolve) => {
    let left = inFlight
    const done = () => {
      if (--left === 0) resolve()
    }
    for (let chain = 0; chain < inFlight; chain++) start(done)
  })

const check = (error: Error | null): void => {
  if (error !== null) throw error
}

const walk = (folder: string, done: (entries: number) => void): void =>
  fs.readdir(folder, { withFileTypes: true }, (error, entries) => {
    check(error)
    let count = 0
    let index = 0
    const next = (): void => {
      while (index < entries.length) {
        const entry = entries[index++]!
        count++
        if (!entry.isDirectory()) continue
        return walk(`${folder}/${entry.name}`, (below) => {
          count += below
          next()
        })
      }
      done(count)
    }
    next()
  })

await play(told(), {
  random: (places) =>
    chains((done) => {
      const buffer = new Uint8Array(pageBytes)
      const next = (): void => {
        const position = places.next()
        if (position === -1) return done()
        fs.read(descriptor, buffer, 0, pageBytes, position, onRead)
      }
      const onRead = (error: Error | null): void => {
        check(error)
        next()
      }
      next()
    }),
  sequential: () =>
    new Promise((resolve) => {
      const buffer = new Uint8Array(partBytes)
      let count = 0
      const next = (): void =>
        fs.read(descriptor, buffer, 0, partBytes, count * partBytes, (error, bytes) => {
          check(error)
          if (bytes === 0) return resolve(count)
          count++
          next()
        })
      next()
    }),
  small: (nextPath) =>
    chains((done) => {
      const next = (): void => {
        const path = nextPath()
        if (path === undefined) return done()
        fs.readFile(path, (error) => {
          check(error)
          next()
        })
      }
      next()
    }),
  walk: () => new Promise((resolve) => walk(tree, resolve))
})
process.exit(0)
