import * as BunUdp from "@portico/bun/BunUdp"
import { describe } from "vitest"
import { udpOptionCases } from "../../node/test/UdpOptionCases.ts"
import { udpPortCases } from "../../node/test/UdpPortCases.ts"
import { UdpWorld } from "../../node/test/WatchedUdp.ts"

const world = new UdpWorld((turn) => BunUdp.make(turn, process.platform))

describe("a datagram port on Bun", () => {
  udpPortCases(world)
})
describe("its options", () => {
  udpOptionCases(world)
})
