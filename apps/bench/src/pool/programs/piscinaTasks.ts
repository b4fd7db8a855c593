/** What piscina's threads run. */
import { move } from "piscina"

export { burn, increment } from "./tasks.ts"

export const giveBack = (bytes: Uint8Array<ArrayBuffer>): unknown => move(bytes)
