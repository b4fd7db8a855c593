/**
 * Lookups that hang in the system's resolver leave the host's thread pool room for files. They hang
 * for real: in namespaces of its own the program is the only name server, and a silent one.
 */
import { spawnSync } from "node:child_process"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterAll, describe, expect, it } from "vitest"
import { file, hosts, Program } from "./Program.ts"

const folder = mkdtempSync(join(tmpdir(), "portico-hung-lookups-"))
const configuration = join(folder, "resolv.conf")
const lookupMillis = 30_000
const limits = `options timeout:${lookupMillis / 1_000} attempts:1`
writeFileSync(configuration, `nameserver 127.0.0.1\n${limits}\n`)
afterAll(() => rmSync(folder, { recursive: true }))

/** In a network and a file system of its own, which end with it. */
const apart = (command: ReadonlyArray<string>): ReadonlyArray<string> => {
  const prepare = `ip link set lo up && mount --bind ${configuration} /etc/resolv.conf`
  return ["unshare", "-rmn", "sh", "-c", `${prepare} && exec "$@"`, "sh", ...command]
}

const isPossible = spawnSync(apart(["true"])[0]!, apart(["true"]).slice(1)).status === 0

describe.skipIf(!isPossible).for(hosts)("on %s (needs unshare and ip)", (host) => {
  it("a file is read within 50 ms while 64 lookups hang", { timeout: 90_000 }, async () => {
    await using program = new Program(apart(file(`programs/hungLookups.${host}.ts`, host)))
    const told = JSON.parse(await program.line()) as { pending: number; millis: Array<number> }
    expect(told.pending).toBe(64)
    // A busy machine may hold up some of the reads; a full pool holds up all, until a lookup ends.
    expect(Math.min(...told.millis)).toBeLessThan(50)
    expect(Math.max(...told.millis)).toBeLessThan(lookupMillis / 2)
  })
})
