import { describe } from "vitest"
import * as NodeUdp from "../../src/udp/NodeUdp.ts"
import { udpOptionCases } from "./UdpOptionCases.ts"
import { udpPortCases } from "./UdpPortCases.ts"
import { UdpWorld } from "./WatchedUdp.ts"

const world = new UdpWorld(NodeUdp.make)

describe("a datagram port on Node", () => {
  udpPortCases(world)
})
describe("its options", () => {
  udpOptionCases(world)
})
