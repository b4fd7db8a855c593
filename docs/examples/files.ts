import { Files } from "@portico/core"
import { NodeBackend } from "@portico/node"
import { Console, Effect, Stream } from "effect"

const utf8 = new TextEncoder()
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

const program = Effect.gen(function* () {
  // Gone with the scope, and all that is in it.
  const folder = yield* Files.temporaryDirectory()
  const settings = `${folder}/settings.json`

  // The old content or all of the new, whatever happens meanwhile; durable when it has succeeded.
  yield* Files.replace(settings, (file) => file.write(utf8.encode('{ "port": 80 }')))
  yield* Console.log(text(yield* Files.readFile(settings, { bytesMax: 65_536 })))

  // Positions leave the cursor alone, so many fibers may use one file.
  const file = yield* Files.open(settings, { access: "readWrite" })
  yield* file.writeAt(10, utf8.encode("8080 }"))
  const [head, tail] = yield* Effect.all([file.readAt(0, 8), file.readAt(10, 8)], {
    concurrency: 2
  })
  yield* Console.log(`${text(head)} … ${text(tail)}`)

  // One process at a time, as long as the scope lasts or the process lives.
  yield* file.lock("exclusive")
  const refused = yield* Effect.flip(Effect.scoped(file.lock("exclusive")))
  yield* Console.log(refused.reason._tag)

  yield* Files.createDirectory(`${folder}/a/b`, { recursive: true })
  yield* Files.writeFile(`${folder}/a/b/c`, utf8.encode("deep"))
  const names = Stream.map(Files.walk(`${folder}/a`), ({ depth, name }) => `${depth} ${name}`)
  yield* Console.log((yield* Stream.runCollect(names)).join(", "))

  const missing = yield* Effect.flip(Files.stat(`${folder}/none`))
  yield* Console.log(`${missing.operation}: ${missing.reason._tag}`)
}).pipe(Effect.scoped)

NodeBackend.runMain(program)
