/** What tinypool's threads run. */
import Tinypool from "tinypool"

export { burn, increment } from "./tasks.ts"

export const giveBack = (bytes: Uint8Array<ArrayBuffer>): unknown => Tinypool.move(bytes)
