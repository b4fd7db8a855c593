import { outputOf } from "@portico/app-kit/testing/CommandRun"
import { describe, expect, it } from "vitest"
import { main } from "../src/Command.ts"

/** Runs echo for a virtual second; gives what it wrote. */
const output = (options: string) => outputOf(main, options)

describe("echo's command line", () => {
  it.for([
    ["--host 127.0.0.1 --port 4001", "ready tcp://127.0.0.1:4001"],
    ["--host ::1 --port 4001", "ready tcp://[::1]:4001"],
    ["", "ready tcp://127.0.0.1:4000"],
    ["--path /run/echo.sock", "ready unix:///run/echo.sock"]
  ])("%s: %s", ([options, ready]) => {
    const { stderr, stdout } = output(options!)
    expect(stdout).toBe(ready)
    expect(stderr).toContain("drained finished=0 interrupted=0 left=0 handles=0")
  })

  it.for([
    ["--port 70000", "an integer from 0 to 65535"],
    ["--port http", "--port"],
    ["--host example.org", "an IP address or localhost"],
    ["--connections-max 0", "an integer from 1 to 1000000"],
    ["--idle-timeout soon", "a duration from 100 millis to 1 days"],
    ["--drain-deadline -1", "a duration from 0 millis to 1 hours"],
    ["--path echo.sock --port 0", "--path excludes --host and --port"],
    ["--prot 0", "Unrecognized flag"]
  ])("refuses %s: %s", ([options, told]) => {
    const { stderr, stdout } = output(options!)
    expect(stderr).toContain(options!.split(" ")[0])
    expect(stderr).toContain(told)
    expect(stdout).not.toContain("ready")
  })
})
