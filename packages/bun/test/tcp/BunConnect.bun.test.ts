import * as BunTcp from "@portico/bun/tcp/BunTcp"
import { describe } from "vitest"
import { connectPortCases } from "../../../node/test/tcp/ConnectPortCases.ts"
import { TcpWorld } from "../../../node/test/tcp/WatchedTcp.ts"
import { FullBacklog } from "./FullBacklog.ts"

describe("connecting on Bun", () => {
  connectPortCases(new TcpWorld((turn) => BunTcp.make(turn, process.platform)), (world) =>
    FullBacklog.make(world)
  )
})
