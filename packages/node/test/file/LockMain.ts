/** Claims the name that it is told, says so, and stays until it is killed. */
import { PortFailure } from "@portico/core/port/index"
import * as NodeTurn from "../../src/NodeTurn.ts"
import { lock } from "../../src/file/NodeLock.ts"

lock(NodeTurn.make(), process.argv[2]!, process.argv[3] === "shared", (claimed) => {
  process.stdout.write(claimed instanceof PortFailure ? "refused\n" : "claimed\n")
  if (!(claimed instanceof PortFailure)) setInterval(() => {}, 60_000)
})
