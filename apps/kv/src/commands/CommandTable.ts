/** Commands by their names, whatever the case, without a text of the name. */
import { type Bytes, folded } from "../resp/Ascii.ts"
import type { Request } from "../resp/Request.ts"
import type { Command } from "./Command.ts"

const hashOf = (bytes: Bytes, start: number, end: number): number => {
  let hash = end - start
  for (let at = start; at < end; at++) hash = (Math.imul(hash, 31) + folded(bytes[at]!)) | 0
  return hash ^ (hash >>> 11)
}

export class CommandTable {
  readonly all: ReadonlyArray<Command>
  private readonly mask: number
  private readonly buckets: Array<Array<Command>>

  constructor(all: ReadonlyArray<Command>) {
    this.all = all
    let size = 1
    while (size < 4 * all.length) size *= 2
    this.mask = size - 1
    this.buckets = Array.from({ length: size }, () => [])
    for (const command of all) {
      const name = Uint8Array.from(command.name, (letter) => letter.charCodeAt(0))
      this.buckets[hashOf(name, 0, name.length) & this.mask]!.push(command)
    }
  }

  /** That which word `index` names. */
  find(request: Request, index = 0): Command | undefined {
    const start = request.start(index)
    const bucket = this.buckets[hashOf(request.bytes, start, request.end(index)) & this.mask]!
    for (let at = 0; at < bucket.length; at++) {
      if (request.is(index, bucket[at]!.name)) return bucket[at]
    }
    return undefined
  }
}
