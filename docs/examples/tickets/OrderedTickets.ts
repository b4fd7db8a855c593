import { Files, Tcp } from "@portico/core"
import { Effect, Semaphore } from "effect"

export interface Options {
  readonly host?: string
  readonly port: number
  readonly directory: string
}

const lastTicket = (path: string) =>
  Files.readFile(path, { bytesMax: 16 }).pipe(
    Effect.map((bytes) => Number(new TextDecoder().decode(bytes))),
    Effect.catchReason("IoError", "NotFound", () => Effect.succeed(0))
  )

/** Gives each client that connects the next number, and keeps the last one in a file. */
export const serve = Effect.fnUntraced(function* ({ directory, ...listen }: Options) {
  const path = `${directory}/last-ticket`
  let last = yield* lastTicket(path)
  const turn = yield* Semaphore.make(1)
  return yield* Tcp.serve(
    (client) => {
      const next = Effect.gen(function* () {
        const line = new TextEncoder().encode(`${++last}\n`)
        yield* Files.writeFile(path, line)
        return line
      })
      return Effect.flatMap(turn.withPermit(next), (line) => client.write(line))
    },
    { ...listen, connectionsMax: 100 }
  )
})
