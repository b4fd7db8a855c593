/** Where Bun's FFI is not used. */
import * as BunFiles from "@portico/bun/file/BunFiles"
import { type PortFile, PortFailure } from "@portico/core/port/index"
import * as NodeTurn from "@portico/node/NodeTurn"
import { expect, it } from "vitest"

it("is Node's where the call is missing", async () => {
  const files = BunFiles.make(NodeTurn.make(), "darwin")
  const request = { append: false, create: "never", truncate: false, noFollow: false } as const
  const path = import.meta.filename
  const opened = await new Promise<PortFile | PortFailure>((resolve) =>
    files.open({ path, access: "read", mode: 0, ...request }, resolve)
  )
  expect(opened).not.toBeInstanceOf(PortFailure)
  const other = opened as PortFile
  expect("readCached" in other).toBe(false)
  await new Promise<unknown>((resolve) => other.close(resolve))
})
