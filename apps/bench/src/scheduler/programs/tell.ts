/** A line to the harness, written before this returns: the loop may get no turn to write it in. */
import { writeSync } from "node:fs"
import * as Line from "../../Line.ts"

const standardOutput = 1

export const tell = (word: Line.Word, text: string): void => {
  writeSync(standardOutput, Line.format(word, text))
}
