import * as BunTcp from "@portico/bun/BunTcp"
import { describe } from "vitest"
import { listenerPortCases } from "../../node/test/ListenerPortCases.ts"
import { TcpWorld } from "../../node/test/WatchedTcp.ts"

describe("a listener port on Bun", () => {
  listenerPortCases(new TcpWorld((turn) => BunTcp.make(turn, process.platform)))
})
