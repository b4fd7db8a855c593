/** What an event loop has to do with, by name. */
import { blocks } from "./Blocks.ts"
import { ends } from "./Ends.ts"
import { wakes } from "./Wakes.ts"
import { serves, waits } from "./Waits.ts"

export const programs = { ...blocks, ...ends, serves, waits, wakes }
