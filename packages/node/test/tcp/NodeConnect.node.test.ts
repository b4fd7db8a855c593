import { describe } from "vitest"
import * as NodeTcp from "../../src/tcp/NodeTcp.ts"
import { connectPortCases } from "./ConnectPortCases.ts"
import { HungListener } from "./HungListener.ts"
import { TcpWorld } from "./WatchedTcp.ts"

describe("connecting on Node", () => {
  connectPortCases(new TcpWorld((turn) => NodeTcp.make(turn, process.platform)), (world) =>
    HungListener.make(world)
  )
})
