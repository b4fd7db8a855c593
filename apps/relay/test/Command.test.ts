import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { outputOf } from "@portico/app-kit/testing/CommandRun"
import { describe, expect, it } from "vitest"
import { main } from "../src/Command.ts"

const files: Record<string, string> = {
  users: "bob:b:b\n\ncid:c\r\n",
  strangers: "bob:aaaa\nnobody\n"
}

/** Runs relay for a virtual second; gives what it wrote. */
const output = (options: string, statisticsRequests: Stream.Stream<void> = Stream.never) =>
  outputOf(main(statisticsRequests), options, files)

const isOpen = "may use this relay: no --user is given"

describe("relay's command line", () => {
  it.for([
    ["", "ready socks5://127.0.0.1:1080"],
    ["--socks --host ::1 --port 4001", "ready socks5://[::1]:4001"],
    ["--user ann:a --user bob:b:b", "ready socks5://127.0.0.1:1080"],
    ["--users-file users", "ready socks5://127.0.0.1:1080"],
    ["--deny 10.0.0.0/8 --deny ::1 --deny 127.0.0.1", "ready socks5://127.0.0.1:1080"],
    ["--host 0.0.0.0 --user ann:a", "ready socks5://0.0.0.0:1080"],
    ["--port 4001 --forward example.org:443", "ready tcp://127.0.0.1:4001"],
    ["--host 0.0.0.0 --forward [::1]:443", "ready tcp://0.0.0.0:1080"]
  ])("%s: %s", ([options, ready]) => {
    const { stderr, stdout } = output(options!)
    expect(stdout).toBe(ready)
    expect(stderr).toContain("drained finished=0 interrupted=0 left=0 handles=0")
    expect(stderr).not.toContain(isOpen)
  })

  it("warns of a relay that anybody may use", () => {
    expect(output("--host 0.0.0.0").stderr).toContain(`Whoever reaches 0.0.0.0 ${isOpen}`)
  })

  it("logs statistics whenever they are asked for", () => {
    const { stderr } = output("", Stream.fromEffectRepeat(Effect.sleep("400 millis")))
    // Twice in a second, and at the end.
    expect(stderr.split("statistics accepted=0 open=0 bytes_up=0")).toHaveLength(4)
  })

  it.for([
    ["--port 70000", "an integer from 0 to 65535"],
    ["--host example.org", "an IP address or localhost"],
    ["--forward example.org", "a host and a port, such as example.org:443"],
    ["--forward example.org:0", "a host and a port, such as example.org:443"],
    ["--forward ::1:443", "a host and a port, such as example.org:443"],
    ["--forward a.test:1 --socks", "--forward excludes --socks"],
    ["--forward a.test:1 --user ann:a", "--forward excludes --user and --users-file"],
    ["--user ann", "name:password, 1 to 255 bytes each"],
    [`--user ann:${"a".repeat(256)}`, "name:password, 1 to 255 bytes each"],
    ["--deny 10.0.0.0/33", "an address or a network, such as 10.0.0.0/8"],
    ["--deny example.org", "an address or a network, such as 10.0.0.0/8"],
    ["--users-file strangers", "one name:password, 1 to 255 bytes each, a line: line 2 is none"],
    ["--connections-max 0", "an integer from 1 to 1000000"],
    ["--handshake-timeout soon", "a duration from 10 millis to 10 minutes"],
    ["--tls-cert users", "--tls-cert and --tls-key need each other"],
    ["--tls-key users", "--tls-cert and --tls-key need each other"],
    ["--target-ca users", "--target-ca needs --target-tls"],
    ["--target-name a.test", "--target-name needs --target-tls"],
    ["--connect-timeout 0", "a duration from 10 millis to 1 hours"],
    ["--idle-timeout soon", "a duration from 100 millis to 1 days"],
    ["--drain-deadline -1", "a duration from 0 millis to 1 hours"],
    ["--prot 0", "Unrecognized flag"]
  ])("refuses %s: %s", ([options, told]) => {
    const { stderr, stdout } = output(options!)
    expect(stderr).toContain(options!.split(" ")[0])
    expect(stderr).toContain(told)
    expect(stderr).not.toContain("aaa")
    expect(stdout).not.toContain("ready")
  })
})
