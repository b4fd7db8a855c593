import * as BunTcp from "@portico/bun/tcp/BunTcp"
import { describe } from "vitest"
import { listenerPortCases } from "../../../node/test/tcp/ListenerPortCases.ts"
import { TcpWorld } from "../../../node/test/tcp/WatchedTcp.ts"

describe("a listener port on Bun", () => {
  listenerPortCases(new TcpWorld((turn) => BunTcp.make(turn, process.platform)))
})
