/**
 * A program that writes numbered lines to a log and rotates it, again and again, as fast as the
 * disk takes it. It shares no code with what reads them.
 *
 * `node rotate.ts <log> <rename|number|cut> <rotations>`; prints how many lines it wrote.
 */
import * as fs from "node:fs"

const [log, way, rotations] = process.argv.slice(2) as [string, string, string]
const kept = 300
let next = 0

const writeSome = (count: number): void => {
  // As loggers do: the file is open while it is written to, and made when it is not there.
  const descriptor = fs.openSync(log, "a")
  for (let index = 0; index < count; index++) {
    fs.writeSync(descriptor, `line ${next++} of a log that is rotated all the time\n`)
  }
  fs.closeSync(descriptor)
}

const ways: Record<string, (round: number) => void> = {
  // logrotate's way: log.1 is the newest, log.300 the oldest, and what was log.300 is gone.
  rename: () => {
    for (let index = kept - 1; index >= 0; index--) {
      const from = index === 0 ? log : `${log}.${index}`
      if (fs.existsSync(from)) fs.renameSync(from, `${log}.${index + 1}`)
    }
  },
  number: (round) => {
    fs.renameSync(log, `${log}.${10_000_000 + round}`)
  },
  cut: (round) => {
    fs.copyFileSync(log, `${log}.${10_000_000 + round}`)
    fs.truncateSync(log, 0)
  }
}

const rotate = ways[way]!
const pause = new Int32Array(new SharedArrayBuffer(4))
for (let round = 1; round <= Number(rotations); round++) {
  writeSome(1 + ((round * 7) % 23))
  // Whoever gets no time at all for three hundred of them loses the oldest.
  Atomics.wait(pause, 0, 0, 10)
  rotate(round)
}
writeSome(1)
process.stdout.write(`${next}\n`)
