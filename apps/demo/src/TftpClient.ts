/**
 * Drives a TFTP server, and proves every byte: clients at once, each writes a file of its own and
 * reads it back, in blocks of 1,428 bytes, four before an acknowledgement.
 */
import { type Address, type IoError, Udp, type UdpSocket } from "@portico/core"
import * as Clock from "effect/Clock"
import * as Data from "effect/Data"
import * as Effect from "effect/Effect"
import * as Packet from "../../tftp/src/wire/Packet.ts"
import { atOnce, type Conversation, millis } from "./Clients.ts"
import type { Measurement } from "./Measurement.ts"
import { PseudoRandom } from "./PseudoRandom.ts"

export interface Load {
  readonly clients: number
  readonly bytesPerClient: number
}

/** What came back is not what was written, or the server said no. */
export class WrongFile extends Data.TaggedError("WrongFile")<{ readonly message: string }> {}

const blockBytes = 1_428
const window = 4
const options = new Map([
  ["blksize", String(blockBytes)],
  ["windowsize", String(window)]
])

const next = Effect.fnUntraced(function* (socket: UdpSocket.UdpSocket) {
  const { bytes, replyTo } = yield* socket.receive
  const packet = Packet.read(bytes)
  if (packet._tag === "Malformed") return yield* new WrongFile({ message: packet.problem })
  if (packet._tag === "Error") return yield* new WrongFile({ message: packet.message })
  return { packet, replyTo }
})

// On loopback nothing is lost that is received in time, so nothing is sent again here.
const put = Effect.fnUntraced(function* (to: Address.InetInput, file: string, content: Uint8Array) {
  const socket = yield* Udp.bind({ port: 0 })
  yield* socket.send(Packet.request({ _tag: "Write", file, mode: "octet", options }), to)
  const blocks = Math.floor(content.length / blockBytes) + 1
  for (let base = 0; ;) {
    const { packet, replyTo } = yield* next(socket)
    if (packet._tag === "Acknowledgement") base = packet.block
    if (base >= blocks) return blocks
    for (let block = base + 1; block <= Math.min(base + window, blocks); block++) {
      const body = content.subarray((block - 1) * blockBytes, block * blockBytes)
      yield* socket.send(Packet.data(block, body), replyTo)
    }
  }
}, Effect.scoped)

const get = Effect.fnUntraced(function* (
  to: Address.InetInput,
  file: string,
  expected: Uint8Array
) {
  const socket = yield* Udp.bind({ port: 0 })
  yield* socket.send(Packet.request({ _tag: "Read", file, mode: "octet", options }), to)
  for (let block = 0; ;) {
    const { packet, replyTo } = yield* next(socket)
    if (packet._tag === "OptionAcknowledgement")
      yield* socket.send(Packet.acknowledgement(0), replyTo)
    // A server that had to wait for a second sends again what is here by now.
    if (packet._tag !== "Data" || packet.block <= block) continue
    const { bytes } = packet
    const start = block * blockBytes
    block = packet.block
    const isSame = bytes.every((byte, index) => byte === expected[start + index])
    if (!isSame) return yield* new WrongFile({ message: `${file}: block ${block} differs` })
    const isLast = bytes.length < blockBytes
    if (isLast || block % window === 0) {
      yield* socket.send(Packet.acknowledgement(block), replyTo)
    }
    if (!isLast) continue
    if (start + bytes.length === expected.length) return block
    return yield* new WrongFile({ message: `${file}: ${start + bytes.length} bytes came back` })
  }
}, Effect.scoped)

/** Latency is that of a whole file, one way; messages are blocks. */
const converse = Effect.fnUntraced(function* (
  to: Address.InetInput,
  { bytesPerClient }: Load,
  client: number
): Effect.fn.Return<Conversation, IoError.IoError | WrongFile, Udp.Udp> {
  const clock = yield* Clock.Clock
  const file = `client-${client}`
  const content = new Uint8Array(bytesPerClient)
  new PseudoRandom(client + 1).fill(content)
  const began = millis(clock)
  const blocksWritten = yield* put(to, file, content)
  const written = millis(clock)
  const blocksRead = yield* get(to, file, content)
  return {
    latenciesMillis: [written - began, millis(clock) - written],
    messages: blocksWritten + blocksRead,
    bytesVerified: bytesPerClient
  }
})

/** Runs the whole load; fails when a client fails or a file differs. */
export const drive = (
  to: Address.InetInput,
  load: Load
): Effect.Effect<Measurement, IoError.IoError | WrongFile, Udp.Udp> =>
  atOnce(load.clients, (client) => converse(to, load, client))
