/** Redis with a log that is synced every second, as Portico's has it: questioned in its place. */
import { spawn } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync } from "node:fs"
import * as Net from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { freePort, usageOf } from "../../resolver/servers/NativeServer.ts"
import { control } from "../../servers/Control.ts"

const askPeriodMillis = 50

const folder = mkdtempSync(join(tmpdir(), "portico-bench-"))
process.on("exit", () => rmSync(folder, { recursive: true, force: true }))
const port = await freePort()
const settings = {
  port: String(port),
  bind: "127.0.0.1",
  dir: folder,
  save: "",
  appendonly: "yes",
  appendfsync: "everysec",
  // A rewrite is done by a process of its own, whose CPU would not be counted.
  "auto-aof-rewrite-percentage": "0"
}
const child = spawn(
  "redis-server",
  Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]),
  { stdio: ["ignore", "ignore", "inherit"] }
)
process.on("exit", () => child.kill("SIGKILL"))

const isThere = async (): Promise<boolean> => {
  const socket = Net.connect(port, "127.0.0.1")
  try {
    await once(socket, "connect")
    return true
  } catch {
    return false
  } finally {
    socket.destroy()
  }
}

while (!(await isThere())) {
  if (child.exitCode !== null) throw new Error("redis-server ended before it answered")
  await sleep(askPeriodMillis)
}
control(port, () => usageOf(child.pid!))
