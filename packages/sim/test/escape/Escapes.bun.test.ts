import { globals } from "../../../bun/src/BunGlobals.ts"
import { checkEscapes } from "./checkEscapes.ts"

checkEscapes(globals)
