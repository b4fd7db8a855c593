import * as BunUdp from "@portico/bun/udp/BunUdp"
import { describe } from "vitest"
import { udpOptionCases } from "../../../node/test/udp/UdpOptionCases.ts"
import { udpPortCases } from "../../../node/test/udp/UdpPortCases.ts"
import { UdpWorld } from "../../../node/test/udp/WatchedUdp.ts"

const world = new UdpWorld((turn) => BunUdp.make(turn, process.platform))

describe("a datagram port on Bun", () => {
  udpPortCases(world)
})
describe("its options", () => {
  udpOptionCases(world)
})
