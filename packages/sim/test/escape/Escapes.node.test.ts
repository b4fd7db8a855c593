import { globals } from "../../../node/src/NodeGlobals.ts"
import { checkEscapes } from "./checkEscapes.ts"

checkEscapes(globals)
