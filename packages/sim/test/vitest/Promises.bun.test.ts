import { globals } from "../../../bun/src/BunGlobals.ts"
import { checkPromises } from "./checkPromises.ts"

checkPromises(globals)
