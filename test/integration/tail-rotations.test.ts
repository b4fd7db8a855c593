/** The tail app while another process writes to its file and rotates it. */
import { execFile } from "node:child_process"
import { join } from "node:path"
import { promisify } from "node:util"
import { describe, expect, it } from "vitest"
import { until } from "./Poll.ts"
import { file, hosts } from "./Program.ts"
import { Folder, startTail, Subscriber } from "./Tail.ts"

/** Nightly: 1000. */
const rotations = Number(process.env["ROTATIONS"] ?? 60)
const limitMs = 60_000 + rotations * 100

const lineCount = (text: string): number => text.split("\n").length - 1

const expected = (count: number): string =>
  Array.from(
    { length: count },
    (_, index) => `line ${index} of a log that is rotated all the time\n`
  ).join("")

describe.for(hosts)("tail on %s", (host) => {
  it.for(["rename", "number", "cut"])(
    `loses and repeats no line through ${rotations} rotations (%s)`,
    { timeout: limitMs + 10_000 },
    async (way) => {
      using folder = new Folder()
      const log = join(folder.path, "log")
      await using tail = await startTail(host, log)
      const one = await Subscriber.connect(tail)
      const other = await Subscriber.connect(tail, 1)
      const began = performance.now()
      const [command, ...args] = file("./programs/rotate.ts", "node", log, way, String(rotations))
      const { stdout } = await promisify(execFile)(command!, args)
      const written = performance.now()
      const count = Number(stdout)
      const printed = () => tail.stdout.slice(tail.ready.length + 1)
      const fewest = () => Math.min(...[one.text, other.text, printed()].map(lineCount))
      await until(fewest, (lines) => lines >= count, limitMs)
      const read = performance.now()
      expect(one.text).toBe(expected(count))
      expect(other.text).toBe(one.text)
      expect(await tail.stop()).toBe("0")
      await Promise.all([one.ended, other.ended])
      expect(printed()).toBe(one.text)
      expect(tail.stderr).toContain("finished=2 slow=0 lost=0")
      console.info(
        `${host}: ${rotations} rotations (${way}), ${count} lines written in ` +
          `${Math.round(written - began)} ms, read ${Math.round(read - written)} ms later`
      )
    }
  )
})
