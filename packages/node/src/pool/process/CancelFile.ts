/**
 * Asking a task in another process to stop: a file without a name, which both have open.
 *
 * Processes share no memory, and a message is not seen while the task computes. A read at a
 * position never waits and costs a microsecond.
 */
import * as fs from "node:fs"
import * as os from "node:os"
import * as path from "node:path"

let lastFile = 0

export class CancelFile {
  readonly descriptor: number

  constructor() {
    const file = path.join(os.tmpdir(), `portico-${process.pid}-${++lastFile}`)
    this.descriptor = fs.openSync(file, "wx+", 0o600)
    // Gone with the last who has it open, however that ends.
    fs.unlinkSync(file)
    this.cancel(0)
  }

  cancel(number: number): void {
    fs.writeSync(this.descriptor, new Int32Array([number]), 0, 4, 0)
  }

  close(): void {
    fs.closeSync(this.descriptor)
  }
}

/** In the process: the number of the task that is to stop. */
export const cancelled = (descriptor: number): number => {
  const word = new Int32Array(1)
  fs.readSync(descriptor, word, 0, 4, 0)
  return word[0]!
}
