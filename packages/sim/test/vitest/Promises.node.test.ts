import { globals } from "../../../node/src/NodeGlobals.ts"
import { checkPromises } from "./checkPromises.ts"

checkPromises(globals)
