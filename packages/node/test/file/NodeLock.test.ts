/** A lock is given back by the kernel when its process dies; on Node and on Bun. */
import { type FileDone, PortFailure, type PortLock } from "@portico/core/port/index"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"
import { lock } from "../../src/file/NodeLock.ts"
import * as NodeTurn from "../../src/NodeTurn.ts"

const main = fileURLToPath(new URL("LockMain.ts", import.meta.url))

const claim = (name: string, isShared: boolean): Promise<PortLock | PortFailure> =>
  new Promise((resolve) => lock(NodeTurn.make(), name, isShared, resolve as FileDone<PortLock>))

/** A process of the same host that has claimed the name. */
const holder = async (name: string, kind: string): Promise<ChildProcess> => {
  const child = spawn(process.execPath, ["--conditions=source", main, name, kind], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  const [said] = (await once(child.stdout!, "data")) as [Buffer]
  expect(String(said)).toBe("claimed\n")
  return child
}

const release = (claimed: PortLock): Promise<unknown> =>
  new Promise((resolve) => claimed.release(resolve))

/** Claims it and lets go of it, or says why it cannot. */
const outcome = async (name: string, isShared: boolean): Promise<string> => {
  const claimed = await claim(name, isShared)
  if (claimed instanceof PortFailure) return claimed.reason._tag
  await release(claimed)
  return "claimed"
}

it.runIf(process.platform === "linux").for([
  ["exclusive", "Busy"],
  ["shared", "claimed"]
] as const)(
  "one that another process has, %s, keeps others out until that is killed",
  async ([kind, forSharers]) => {
    const name = `test-${kind}-${process.pid}-${process.hrtime.bigint()}`
    const child = await holder(name, kind)
    expect(await outcome(name, false)).toBe("Busy")
    expect(await outcome(name, true)).toBe(forSharers)
    child.kill("SIGKILL")
    await once(child, "exit")
    expect(await outcome(name, false)).toBe("claimed")
  }
)
