/** A lock is given back by the kernel when its process dies; on Node and on Bun. */
import { type FileDone, PortFailure, type PortLock } from "@portico/core/port/index"
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { fileURLToPath } from "node:url"
import { expect, it } from "vitest"
import { lock } from "../../src/file/NodeLock.ts"
import * as NodeTurn from "../../src/NodeTurn.ts"

const main = fileURLToPath(new URL("LockMain.ts", import.meta.url))

const claim = (name: string): Promise<PortLock | PortFailure> =>
  new Promise((resolve) => lock(NodeTurn.make(), name, resolve as FileDone<PortLock>))

/** A process of the same host that has claimed the name. */
const holder = async (name: string): Promise<ChildProcess> => {
  const child = spawn(process.execPath, ["--conditions=source", main, name], {
    stdio: ["ignore", "pipe", "inherit"]
  })
  const [said] = (await once(child.stdout!, "data")) as [Buffer]
  expect(String(said)).toBe("claimed\n")
  return child
}

it.runIf(process.platform === "linux")(
  "a lock is Busy while another process holds it, and free when that is killed",
  async () => {
    const name = `test-${process.pid}-${process.hrtime.bigint()}`
    const child = await holder(name)
    const refused = await claim(name)
    expect(refused).toMatchObject({ reason: { _tag: "Busy" } })
    child.kill("SIGKILL")
    await once(child, "exit")
    const claimed = await claim(name)
    expect(claimed).not.toBeInstanceOf(PortFailure)
    await new Promise<unknown>((resolve) => (claimed as PortLock).release(resolve))
  }
)
