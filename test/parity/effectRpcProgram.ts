/** A client and a server of Effect's RPC over whatever sockets a world has. */
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Rpc from "effect/rpc/Rpc"
import * as RpcClient from "effect/rpc/RpcClient"
import * as RpcGroup from "effect/rpc/RpcGroup"
import * as RpcSerialization from "effect/rpc/RpcSerialization"
import * as RpcServer from "effect/rpc/RpcServer"
import * as Schema from "effect/Schema"
import { Socket } from "effect/socket/Socket"
import { SocketServer } from "effect/socket/SocketServer"
import * as Stream from "effect/Stream"
import type { SocketProgram } from "./effectSocketPrograms.ts"

class Numbers extends RpcGroup.make(
  Rpc.make("Half", {
    payload: { of: Schema.Finite },
    success: Schema.Finite,
    error: Schema.String
  }),
  Rpc.make("Upto", { payload: { last: Schema.Finite }, success: Schema.Finite, stream: true }),
  Rpc.make("Wait"),
  Rpc.make("Ended", { success: Schema.String })
) {}

const handlers = Numbers.toLayer(
  Effect.gen(function* () {
    const entered = yield* Queue.unbounded<string>()
    const tell = (word: string) => Queue.offer(entered, word)
    return {
      Half: ({ of }) => (of % 2 === 0 ? Effect.succeed(of / 2) : Effect.fail(`${of} is odd`)),
      Upto: ({ last }) => Stream.range(1, last),
      Wait: () =>
        Effect.onInterrupt(Effect.andThen(tell("entered"), Effect.never), () =>
          tell("interrupted")
        ),
      Ended: () => Queue.take(entered)
    }
  })
)

const client = Effect.gen(function* () {
  const numbers = yield* RpcClient.make(Numbers)
  const half = yield* numbers.Half({ of: 8 })
  const odd = yield* Effect.flip(numbers.Half({ of: 7 }))
  const upto = yield* Stream.runCollect(numbers.Upto({ last: 1000 }))
  const waiting = yield* Effect.forkChild(numbers.Wait())
  const entered = yield* numbers.Ended()
  yield* Fiber.interrupt(waiting)
  return [half, odd, upto.reduce((sum, next) => sum + next, 0), entered, yield* numbers.Ended()]
}).pipe(Effect.scoped)

/** A result, a failure, a stream, and an interruption that the server is told of. */
export const effectRpcProgram: SocketProgram = (world) =>
  Effect.gen(function* () {
    const server = yield* world.listen()
    yield* Layer.build(
      RpcServer.layer(Numbers).pipe(
        Layer.provide(handlers),
        Layer.provide(RpcServer.layerProtocolSocketServer),
        Layer.provide(RpcSerialization.layerNdjson),
        Layer.provide(Layer.succeed(SocketServer, server))
      )
    )
    const socket = yield* world.connect(server.address)
    const protocol = RpcClient.layerProtocolSocket().pipe(
      Layer.provide(RpcSerialization.layerNdjson),
      Layer.provide(Layer.succeed(Socket, socket))
    )
    return yield* Effect.provide(client, protocol)
  })
