import { describe } from "vitest"
import * as NodeTcp from "../../src/tcp/NodeTcp.ts"
import { listenerPortCases } from "./ListenerPortCases.ts"
import { TcpWorld } from "./WatchedTcp.ts"

describe("a listener port on Node", () => {
  listenerPortCases(new TcpWorld((turn) => NodeTcp.make(turn, process.platform)))
})
