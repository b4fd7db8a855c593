/**
 * What kernels do when the network loses, doubles, reorders and delays, as Linux has it. Each law
 * throws if it does not hold, so that mutants of the kernel can be held against it.
 */
import { datagramLaws } from "./datagramLaws.ts"
import { endingLaws } from "./endingLaws.ts"
import { handshakeLaws } from "./handshakeLaws.ts"
import { transferLaws } from "./transferLaws.ts"

export const laws = { ...handshakeLaws, ...transferLaws, ...endingLaws, ...datagramLaws }
