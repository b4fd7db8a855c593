import { describe } from "vitest"
import * as NodeTcp from "../../src/tcp/NodeTcp.ts"
import { tcpPortCases } from "./TcpPortCases.ts"
import { tcpProcessCases } from "./TcpProcessCases.ts"
import { TcpWorld } from "./WatchedTcp.ts"

describe("a TCP port on Node", () => {
  tcpPortCases(new TcpWorld((turn) => NodeTcp.make(turn, process.platform)))
})
describe("a process on Node", () => {
  tcpProcessCases(new URL("./TcpMain.ts", import.meta.url))
})
