import { Handle, Tcp } from "@portico/core"
import { NodeBackend } from "./src/index.ts"
import { Effect } from "effect"
const program = Effect.gen(function* () {
  const server = yield* Tcp.serve(
    (s) =>
      Effect.gen(function* () {
        while (true) {
          const chunk = yield* s.readBorrowed
          if (chunk.length === 0) return
          yield* s.write(chunk)
        }
      }),
    { port: 0, connectionsMax: 100 }
  )
  const port = (server.address as any).port
  console.log(String(server.address), port)
  const c = yield* Tcp.connect({ port })
  yield* c.write(new TextEncoder().encode("hello\nworld"))
  console.log(Buffer.from(yield* c.readUntil(new Uint8Array([10]))).toString())
  console.log(Buffer.from(yield* c.readExactly(5)).toString())
  const big = Buffer.alloc(3_000_000, 7)
  const f = yield* Effect.forkChild(c.write(big).pipe(Effect.andThen(c.shutdown)))
  let n = 0
  while (true) {
    const b = yield* c.readBorrowed
    if (b.length === 0) break
    n += b.length
  }
  console.log(n)
  for (const h of yield* (yield* Handle.Handles).list)
    console.log(h.label, h.state._tag, h.counters, h.site, h.waits)
  console.log(yield* server.drain({ deadline: "1 second" }))
}).pipe(Effect.scoped, Effect.provide(NodeBackend.layer))
await Effect.runPromise(program)
console.log("done")
