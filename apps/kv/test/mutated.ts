/** RESP packets that a seed breaks: the same in each run and on each host. */
import type { SeededDraws } from "../../../packages/core/test/SeededDraws.ts"
import { mutate } from "../../../packages/core/test/mutate.ts"

const marks = Array.from("*$:+-%_\r\n 0129", (mark) => mark.charCodeAt(0))

/** A copy with none to three things wrong. */
export const mutated = (draws: SeededDraws, packet: Uint8Array): Uint8Array =>
  mutate(draws, packet, { marks, changes: [0, 3] })
