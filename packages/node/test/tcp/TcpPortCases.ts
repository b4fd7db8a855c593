/** What the rest of a `TcpPort` promises alike on Node and Bun: socket files. */
import { existsSync, linkSync, rmSync, writeFileSync } from "node:fs"
import { afterEach, expect, it } from "vitest"
import { reasonOf } from "../PortWorld.ts"
import type { TcpWorld } from "./WatchedTcp.ts"

export const tcpPortCases = (world: TcpWorld): void => {
  const { tcp } = world
  afterEach(() => world.closeAll())

  it("the longest Unix path listens and connects", async () => {
    const path = world.freshPath().path.padEnd(tcp.unixPathBytesMax, "x")
    await world.listen({ _tag: "Unix", path })
    expect(existsSync(path)).toBe(true)
    const refused = await world.tryConnect({ _tag: "Unix", path: path.slice(0, -1) })
    expect(reasonOf(refused)).toBe("NotFound")
  })

  it("unlink removes a socket file that nothing listens on", async () => {
    const [live, stale] = [world.freshPath(), world.freshPath()]
    const listening = await world.listen(live)
    // The second name outlives the listener, as the file of a killed process does.
    linkSync(live.path, stale.path)
    await listening.close()
    expect(reasonOf(await world.tryConnect(stale))).toBe("ConnectionRefused")
    expect(tcp.unlink(stale.path)).toBeUndefined()
    expect(existsSync(stale.path)).toBe(false)
  })

  it("unlink of nothing succeeds", () => {
    expect(tcp.unlink(world.freshPath().path)).toBeUndefined()
  })

  it("unlink leaves a file that is not a socket", () => {
    const { path } = world.freshPath()
    writeFileSync(path, "precious")
    expect(reasonOf(tcp.unlink(path))).toBe("NotASocket")
    expect(existsSync(path)).toBe(true)
    rmSync(path)
  })
}
