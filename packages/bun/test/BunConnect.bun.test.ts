import * as BunTcp from "@portico/bun/BunTcp"
import { describe } from "vitest"
import { connectPortCases } from "../../node/test/ConnectPortCases.ts"
import { TcpWorld } from "../../node/test/WatchedTcp.ts"
import { FullBacklog } from "./FullBacklog.ts"

describe("connecting on Bun", () => {
  connectPortCases(new TcpWorld((turn) => BunTcp.make(turn, process.platform)), (world) =>
    FullBacklog.make(world)
  )
})
