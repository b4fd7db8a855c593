/**
 * One client at its own port, and a socket of its own for it: the two ports are the transfer's
 * identifiers (RFC 1350 §4). Whoever else sends there is told that nothing is there for him.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Address, IoError, UdpSocket } from "@portico/core"
import * as Packet from "./wire/Packet.ts"
import { Abandoned, codes } from "./wire/Refusal.ts"

const stranger = Packet.error(codes.unknownTransfer, "Unknown transfer")

export class Link {
  private readonly socket: UdpSocket.UdpSocket
  private readonly to: Address.InetInput

  constructor(socket: UdpSocket.UdpSocket, request: UdpSocket.Datagram) {
    this.socket = socket
    this.to = request.replyTo
  }

  /** In order. What the host does not take is as good as lost on the way, and comes again. */
  send(...packets: ReadonlyArray<Uint8Array>): Effect.Effect<void> {
    const batch = packets.map((bytes) => ({ bytes, to: this.to }))
    return Effect.ignore(this.socket.sendBatch(batch))
  }

  /** The client's next packet; undefined when none has come by `dueMillis`, by the clock. */
  receive(dueMillis: number): Effect.Effect<Packet.Packet | undefined, Abandoned> {
    return Effect.gen({ self: this }, function* () {
      for (;;) {
        const left = dueMillis - (yield* Clock.currentTimeMillis)
        if (left <= 0) return undefined
        const datagram = yield* Effect.timeoutOrElse(gone(this.socket.receive), {
          duration: left,
          orElse: () => Effect.succeed(undefined)
        })
        if (datagram === undefined) return undefined
        const packet = yield* this.accept(datagram)
        if (packet !== undefined) return packet
      }
    })
  }

  // What is no packet is passed over: a mangled one comes again.
  private accept(
    datagram: UdpSocket.Datagram
  ): Effect.Effect<Packet.Packet | undefined, Abandoned> {
    const { replyTo } = datagram
    if (replyTo.port !== this.to.port || replyTo.host !== this.to.host) {
      const answer = Effect.ignore(this.socket.send(stranger, replyTo))
      return Effect.as(answer, undefined)
    }
    const packet = Packet.read(datagram.bytes)
    if (packet._tag === "Malformed") return Effect.succeed(undefined)
    return packet._tag === "Error"
      ? Effect.fail(new Abandoned({ message: `The client says: ${packet.message}` }))
      : Effect.succeed(packet)
  }
}

const gone = Effect.mapError((error: IoError.IoError) => new Abandoned({ message: error.message }))
