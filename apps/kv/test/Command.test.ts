import { outputOf } from "@portico/app-kit/testing/CommandRun"
import { describe, expect, it } from "vitest"
import { main } from "../src/Command.ts"

/** Runs kv for a virtual second; gives what it wrote. */
const output = (options: string) => outputOf(main(1), options)

describe("kv's command line", { timeout: 90_000 }, () => {
  it.for([
    ["--data /kv", "ready redis://127.0.0.1:6379"],
    ["--data /a/b/c --host ::1 --port 7000 --sync always", "ready redis://[::1]:7000"],
    ["", "ready redis://127.0.0.1:6379"]
  ])("%s: %s", ([options, ready]) => {
    const { stderr, stdout } = output(options!)
    expect(stdout).toBe(ready)
    expect(stderr).toContain("recovered keys=0 records=0 bytes_cut=0")
    expect(stderr).toContain("drained cut=0 keys=0 handles=0")
  })

  it.for([
    ["--port 70000", "an integer from 0 to 65535"],
    ["--sync sometimes", "sometimes"],
    ["--memory-bytes-max -1", "an integer from 0 to"],
    ["--idle-timeout soon", "a duration from 100 millis to 365 days"]
  ])("refuses %s: %s", ([options, told]) => {
    const { stderr, stdout } = output(options!)
    expect(stderr).toContain(told)
    expect(stdout).not.toContain("ready")
  })
})
