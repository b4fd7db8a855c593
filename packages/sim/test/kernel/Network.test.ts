import { it } from "vitest"
import { laws } from "./networkLaws.ts"

it.each(Object.keys(laws))("%s", (name) => laws[name]!())
