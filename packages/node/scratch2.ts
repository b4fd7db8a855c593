import { Tcp, type TcpStream } from "@portico/core"
import { NodeBackend } from "./src/index.ts"
import { Effect } from "effect"
import * as v8 from "node:v8"
import * as Net from "node:net"
const N = 2000
const echo = Effect.fnUntraced(function* (stream: TcpStream.TcpStream) {
  while (true) {
    const chunk = yield* stream.readBorrowed
    if (chunk.length === 0) return
    yield* stream.write(chunk)
  }
})
const raw = process.argv[2] === "raw"
const snap = (name: string) => {
  for (let i = 0; i < 4; i++) globalThis.gc!()
  v8.writeHeapSnapshot("/tmp/scratch/" + name)
  const m = process.memoryUsage()
  console.log(name, m.rss, m.heapUsed, m.external)
}
const child = process.argv[2] === "client"
if (child) {
  const port = +process.argv[3]!
  let n = 0
  for (let i = 0; i < N; i++) {
    const s = Net.connect(port, "127.0.0.1")
    s.write(Buffer.alloc(64, 1))
    s.on("data", () => {
      if (++n === N) console.log("all")
    })
  }
} else {
  const { spawn } = await import("node:child_process")
  const go = (port: number) => {
    snap("a.heapsnapshot")
    const c = spawn(process.execPath, ["-C", "source", process.argv[1]!, "client", String(port)])
    c.stdout.once("data", () =>
      setTimeout(() => {
        snap("b.heapsnapshot")
        c.kill()
        process.exit(0)
      }, 500)
    )
  }
  if (raw) {
    const s = Net.createServer({ noDelay: true }, (s) => {
      s.on("data", (d) => s.write(d))
      s.on("error", () => {})
    }).listen(0, () => go((s.address() as any).port))
  } else
    NodeBackend.runMain(
      Effect.gen(function* () {
        const s = yield* Tcp.serve(echo, { port: 0, connectionsMax: 20000 })
        go((s.address as any).port)
        yield* Effect.never
      })
    )
}
