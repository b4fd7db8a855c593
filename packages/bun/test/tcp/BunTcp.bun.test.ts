import * as BunTcp from "@portico/bun/tcp/BunTcp"
import { describe } from "vitest"
import { tcpPortCases } from "../../../node/test/tcp/TcpPortCases.ts"
import { tcpProcessCases } from "../../../node/test/tcp/TcpProcessCases.ts"
import { TcpWorld } from "../../../node/test/tcp/WatchedTcp.ts"

describe("a TCP port on Bun", () => {
  tcpPortCases(new TcpWorld((turn) => BunTcp.make(turn, process.platform)))
})
describe("a process on Bun", () => {
  tcpProcessCases(new URL("./TcpMain.ts", import.meta.url))
})
