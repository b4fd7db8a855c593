import * as Stream from "effect/Stream"
import { outputOf } from "@portico/app-kit/testing/CommandRun"
import { describe, expect, it } from "vitest"
import { main } from "../src/Command.ts"

const files: Readonly<Record<string, string>> = {
  "good.zone": "$ORIGIN example.\n@ 60 SOA ns admin 1 2 3 4 5\nwww A 192.0.2.1\n",
  "bad.zone": "$ORIGIN example.\n@ 60 SOA ns admin 1 2 3 4 5\nwww A 192.0.2.256\n"
}

/** Runs the resolver for a virtual second, with one request for its figures; what it wrote. */
const output = (options: string) => outputOf(main(Stream.succeed(undefined)), options, files)

describe("resolver's command line", () => {
  it.for([
    ["--zone good.zone", "ready dns://127.0.0.1:5353"],
    ["--upstream 192.0.2.1 --host ::1 --port 5300", "ready dns://[::1]:5300"],
    ["--zone good.zone --upstream [2001:db8::1]:5353 --port 53", "ready dns://127.0.0.1:53"]
  ])("%s: %s", ([options, ready]) => {
    const { stderr, stdout } = output(options!)
    expect(stdout).toBe(ready)
    expect(stderr).toContain("queries udp=0 tcp=0")
    expect(stderr).toContain("drained cut=0 unanswered=0 handles=0")
  })

  it.for([
    ["", "no --upstream, no --zone"],
    ["--zone no.zone", "no.zone"],
    ["--zone bad.zone", "bad.zone:3: Not an IPv4 address: 192.0.2.256"],
    ["--upstream example.org", "an IP address, or one with a port"],
    ["--upstream 192.0.2.1:70000", "an IP address, or one with a port"],
    ["--host localhost --zone good.zone", "an IP address"],
    ["--port 70000 --zone good.zone", "an integer from 0 to 65535"],
    ["--answer-bytes-max 511 --zone good.zone", "an integer from 512 to 4096"],
    ["--queries-max 0 --zone good.zone", "an integer from 1 to 100000"],
    ["--upstream-timeout soon --zone good.zone", "a duration from 10 millis to 10 seconds"]
  ])("refuses %j: %s", ([options, told]) => {
    const { stderr, stdout } = output(options!)
    expect(stderr).toContain(told)
    expect(stdout).not.toContain("ready")
  })
})
