import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { outputOf } from "@portico/app-kit/testing/CommandRun"
import { describe, expect, it } from "vitest"
import { main } from "../src/Command.ts"

/** Runs tail for a virtual second; gives what it wrote. */
const output = (options: string, statisticsRequests: Stream.Stream<void> = Stream.never) =>
  outputOf(main(statisticsRequests), options)

describe("tail's command line", () => {
  it.for([
    ["/home/log", "ready tcp://127.0.0.1:4100"],
    ["--quiet --host ::1 --port 4001 /home/log /tmp/log", "ready tcp://[::1]:4001"],
    ["--from-start /home/log", "ready tcp://127.0.0.1:4100"]
  ])("%s: %s", ([options, ready]) => {
    const { stderr, stdout } = output(options!)
    expect(stdout).toBe(ready)
    expect(stderr).toContain("drained finished=0 interrupted=0 left=0 handles=0")
  })

  it("logs statistics whenever they are asked for", () => {
    const { stderr } = output("/home/log", Stream.fromEffectRepeat(Effect.sleep("400 millis")))
    // Twice in a second, and at the end.
    expect(stderr.split("statistics lines=0 bytes=0 subscribers=0")).toHaveLength(4)
  })

  it.for([
    ["--port 70000 /home/log", "an integer from 0 to 65535"],
    ["--host example.org /home/log", "an IP address or localhost"],
    ["--poll soon /home/log", "a duration from 10 millis to 1 hours"],
    ["--subscriber-bytes-max 1 /home/log", "an integer from 1024 to 1073741824"],
    ["--subscribers-max 0 /home/log", "an integer from 1 to 100000"],
    ["--line-bytes-max 0 /home/log", "an integer from 1 to 67108864"],
    ["/nowhere/log", "/nowhere: NotFound"],
    ["--prot 0 /home/log", "Unrecognized flag"]
  ])("refuses %s: %s", ([options, told]) => {
    const { stderr, stdout } = output(options!)
    expect(stderr).toContain(told)
    expect(stdout).not.toContain("ready tcp")
  })
})
