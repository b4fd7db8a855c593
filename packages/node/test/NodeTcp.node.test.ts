import { existsSync, linkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "vitest"
import { listen, reasonOf, tcp, tryConnect } from "./Watched.ts"

const path = (name: string): string => join(tmpdir(), `portico-node-${process.pid}-${name}`)

it("the longest Unix path listens and connects", async () => {
  const longest = path("").padEnd(tcp.unixPathBytesMax, "x")
  const listening = await listen({ _tag: "Unix", path: longest })
  expect(existsSync(longest)).toBe(true)
  const refused = await tryConnect({ _tag: "Unix", path: longest.slice(0, -1) })
  expect(reasonOf(refused)).toBe("NotFound")
  await listening.close()
})

it("unlink removes a socket file that nothing listens on", async () => {
  const stale = path("stale")
  const listening = await listen({ _tag: "Unix", path: path("live") })
  // The second name outlives the listener, as the file of a killed process does.
  linkSync(path("live"), stale)
  await listening.close()
  expect(reasonOf(await tryConnect({ _tag: "Unix", path: stale }))).toBe("ConnectionRefused")
  expect(tcp.unlink(stale)).toBeUndefined()
  expect(existsSync(stale)).toBe(false)
})

it("unlink of nothing succeeds", () => {
  expect(tcp.unlink(path("none"))).toBeUndefined()
})

it("unlink leaves a file that is not a socket", () => {
  const plain = path("plain")
  writeFileSync(plain, "precious")
  expect(reasonOf(tcp.unlink(plain))).toBe("NotASocket")
  expect(existsSync(plain)).toBe(true)
})
