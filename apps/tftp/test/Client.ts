/** A TFTP client over a network that loses, doubles and mangles packets, both ways, by the seed. */
import { type Address, type IoError, Udp, type UdpSocket } from "@portico/core"
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import type * as Scope from "effect/Scope"
import * as Packet from "../src/wire/Packet.ts"

/** Of a thousand packets, each way. */
export interface Trouble {
  readonly lost: number
  readonly doubled: number
}
export const calm: Trouble = { lost: 0, doubled: 0 }

/** The server's error packet. */
export class Refused extends Error {
  readonly code: number
  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}

const draw = (perMille: number) =>
  Effect.map(Random.nextIntBetween(0, 1_000), (number) => number < perMille)

export class Client {
  private readonly socket: UdpSocket.UdpSocket
  private readonly server: Address.InetInput
  private readonly trouble: Trouble
  private peer: UdpSocket.Datagram["replyTo"] | undefined
  private readonly held: Array<Packet.Packet> = []
  /** Packets that left, lost ones included. */
  sent = 0

  constructor(socket: UdpSocket.UdpSocket, server: Address.InetInput, trouble: Trouble) {
    this.socket = socket
    this.server = server
    this.trouble = trouble
  }

  send(packet: Uint8Array) {
    return Effect.gen({ self: this }, function* () {
      this.sent++
      const copies = (yield* draw(this.trouble.lost))
        ? 0
        : (yield* draw(this.trouble.doubled))
          ? 2
          : 1
      for (let copy = 0; copy < copies; copy++) {
        yield* this.socket.send(packet, this.peer ?? this.server)
      }
    })
  }

  /** The next packet of the server's; undefined when none has come by `due`. */
  receive(due: number) {
    return Effect.gen({ self: this }, function* () {
      for (;;) {
        const held = this.held.shift()
        if (held !== undefined) return held
        const left = due - (yield* Clock.currentTimeMillis)
        if (left <= 0) return undefined
        const datagram = yield* Effect.timeoutOrElse(this.socket.receive, {
          duration: left,
          orElse: () => Effect.succeed(undefined)
        })
        if (datagram === undefined || (yield* draw(this.trouble.lost))) continue
        this.peer ??= datagram.replyTo
        const packet = Packet.read(datagram.bytes)
        if (packet._tag === "Malformed") throw new Error(packet.problem)
        if (packet._tag === "Error")
          return yield* Effect.fail(new Refused(packet.code, packet.message))
        if (yield* draw(this.trouble.doubled)) this.held.push(packet)
        return packet
      }
    })
  }
}

export const make = (
  server: Address.InetInput,
  trouble: Trouble = calm
): Effect.Effect<Client, IoError.IoError, Udp.Udp | Scope.Scope> =>
  Effect.map(
    Udp.bind({ host: "0.0.0.0", port: 0 }),
    (socket) => new Client(socket, server, trouble)
  )

export type Options = Readonly<Record<string, string>>

const request = (
  tag: "Read" | "Write",
  file: string,
  options: Options,
  mode: Packet.Mode = "octet"
) => Packet.request({ _tag: tag, file, mode, options: new Map(Object.entries(options)) })

const retriesMax = 60
/** A second from now: whoever has not got further by then asks again. */
const patience = Effect.map(Clock.currentTimeMillis, (millis) => millis + 1_000)

/** Reads a file. */
export const get = Effect.fnUntraced(function* (
  client: Client,
  file: string,
  options: Options = {},
  mode?: Packet.Mode
) {
  const content: Array<number> = []
  let agreed: ReadonlyMap<string, string> = new Map()
  let block = 0
  let sinceTold = 0
  let last: Uint8Array = request("Read", file, options, mode)
  yield* client.send(last)
  for (let retries = 0; retries < retriesMax; retries++) {
    let due = yield* patience
    for (;;) {
      const packet = yield* client.receive(due)
      if (packet === undefined) break
      if (packet._tag === "OptionAcknowledgement" && block === 0) {
        agreed = packet.options
        yield* client.send((last = Packet.acknowledgement(0)))
      } else if (packet._tag === "Data" && packet.block === (block + 1) % 65_536) {
        block++
        due = yield* patience
        sinceTold++
        content.push(...packet.bytes)
        last = Packet.acknowledgement(block % 65_536)
        const isOver = packet.bytes.length < Number(agreed.get("blksize") ?? 512)
        if (isOver || sinceTold >= Number(agreed.get("windowsize") ?? 1)) {
          sinceTold = 0
          yield* client.send(last)
        }
        if (isOver) return { bytes: Uint8Array.from(content), agreed, blocks: block }
      }
    }
    sinceTold = 0
    yield* client.send(last)
  }
  throw new Error("The server is silent")
})

/** Writes a file. */
export const put = Effect.fnUntraced(function* (
  client: Client,
  file: string,
  content: Uint8Array,
  options: Options = {},
  mode?: Packet.Mode
) {
  let agreed: ReadonlyMap<string, string> = new Map()
  let base = -1
  for (let retries = 0; retries < retriesMax; retries++) {
    const size = Number(agreed.get("blksize") ?? 512)
    const blocks = Math.floor(content.length / size) + 1
    if (base >= blocks) return { agreed, blocks }
    const window = Number(agreed.get("windowsize") ?? 1)
    if (base < 0) yield* client.send(request("Write", file, options, mode))
    for (let block = base + 1; base >= 0 && block <= Math.min(base + window, blocks); block++) {
      const body = content.subarray((block - 1) * size, block * size)
      yield* client.send(Packet.data(block % 65_536, body))
    }
    const due = yield* patience
    for (;;) {
      const packet = yield* client.receive(due)
      if (packet === undefined) break
      if (packet._tag === "OptionAcknowledgement" && base < 0) agreed = packet.options
      else if (packet._tag !== "Acknowledgement") continue
      const block = packet._tag === "Acknowledgement" ? packet.block : 0
      const distance = base < 0 ? 1 : (block - (base % 65_536) + 65_536) % 65_536
      if (base < 0 ? block !== 0 : distance === 0 || distance > window) continue
      base += distance
      retries = 0
      break
    }
  }
  throw new Error("The server is silent")
})
