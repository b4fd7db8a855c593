/** Fibers that wait for all that a loop knows of, by names that a dump should show. */
import { Address, Tcp, type TcpStream } from "@portico/core"
import * as Console from "effect/Console"
import * as Effect from "effect/Effect"

/** Answers each byte, and waits for the next. */
const answer = Effect.fn("answer")(function* (stream: TcpStream.TcpStream) {
  while (true) yield* stream.write(yield* stream.readExactly(1))
})

const askPeer = Effect.fn("askPeer")(function* (address: Address.Address) {
  const stream = yield* Tcp.connect(Address.toInput(address))
  return yield* stream.read
}, Effect.scoped)

const hang = Effect.fn("hang")(function* () {
  return yield* Effect.never
})

export const waits = Effect.gen(function* () {
  const server = yield* Tcp.serve(answer, { port: 0, connectionsMax: 10 })
  yield* Effect.forkChild(askPeer(server.address))
  yield* Effect.forkChild(Effect.withSpan(Effect.sleep("1 hour"), "nap"))
  yield* Console.log(`ready ${Address.format(server.address)}`)
  return yield* hang()
})

/** A server, and nothing else. */
export const serves = Effect.gen(function* () {
  const server = yield* Tcp.serve(answer, { port: 0, connectionsMax: 1000 })
  yield* Console.log(`ready ${Address.format(server.address)}`)
  return yield* Effect.never
})
