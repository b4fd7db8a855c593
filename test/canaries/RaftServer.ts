/** A node of `MiniRaft`: its file, its datagrams, its clock, and the clients of its register. */
import { Files, Tcp, type TcpStream, Udp, type UdpSocket } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Semaphore from "effect/Semaphore"
import { type Kept, type Message, MiniRaft } from "./MiniRaft.ts"

/**
 * - `forgetful`: the vote is not kept, so that a node that starts anew may vote twice in a term;
 * - `hasty`: who takes itself for the leader answers reads by itself, and may be it no more.
 */
export type Flaw = "forgetful" | "hasty"

export interface Options {
  readonly id: number
  readonly flaw: Flaw | undefined
  /** Between two heartbeats. */
  readonly tickMillis: number
  readonly onLeader: (term: number) => void
}

const path = "/tmp/raft"
const port = 70
export const clientPort = 80
export const notLeader = 255

export const addressOf = (id: number): string => `10.0.0.${id}`

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value))
const decode = (bytes: Uint8Array) => JSON.parse(new TextDecoder().decode(bytes)) as unknown

const load = Files.readFile(path, { bytesMax: 65_536 }).pipe(
  Effect.map((bytes) => decode(bytes) as Kept),
  Effect.catchReason("IoError", "NotFound", () =>
    Effect.succeed<Kept>({ term: 0, vote: 0, log: [] })
  )
)

class Node {
  readonly raft: MiniRaft
  readonly socket: UdpSocket.UdpSocket
  private readonly options: Options
  private readonly turn = Semaphore.makeUnsafe(1)

  constructor(kept: Kept, socket: UdpSocket.UdpSocket, options: Options) {
    this.raft = new MiniRaft(options.id, kept)
    this.socket = socket
    this.options = options
  }

  /** What is to be sent is sent when it cannot be forgotten any more. */
  step(act: () => ReadonlyArray<Message>) {
    const { options, raft, socket } = this
    const acting = Effect.gen(function* () {
      const before = raft.kept
      const wasLeader = raft.role === "leader"
      const messages = act()
      if (raft.kept !== before) {
        const kept = options.flaw === "forgetful" ? { ...raft.kept, vote: 0 } : raft.kept
        yield* Files.replace(path, (file) => file.write(encode(kept)))
      }
      if (!wasLeader && raft.role === "leader") options.onLeader(raft.kept.term)
      for (const message of messages) {
        const to = { host: addressOf(message.to), port }
        yield* Effect.ignore(socket.send(encode(message), to))
      }
    })
    return this.turn.withPermit(acting)
  }

  /** Adds an entry; gives its number once it is decided, undefined when nobody knows. */
  propose(value: number) {
    return Effect.gen({ self: this }, function* () {
      const { raft } = this
      const { term } = raft.kept
      let number = 0
      yield* this.step(() => {
        if (raft.role === "leader" && raft.kept.term === term) number = raft.add(value)
        return number === 0 ? [] : raft.tick()
      })
      for (let wait = 0; number > 0 && wait < 200; wait++) {
        if (raft.kept.log[number - 1]?.[0] !== term) return undefined
        if (raft.commit >= number) return number
        yield* Effect.sleep("5 millis")
      }
      return undefined
    })
  }

  /** What `count` entries come to. */
  valueAt(count: number): number {
    const written = this.raft.kept.log.slice(0, count).findLast(([, value]) => value > 0)
    return written?.[1] ?? 0
  }
}

const receive = (node: Node) =>
  Effect.gen(function* () {
    const { bytes } = yield* node.socket.receive
    yield* node.step(() => node.raft.receive(decode(bytes) as Message))
  })

/** A follower that hears nothing for three to five ticks takes the leader for gone. */
const tick = (node: Node, tickMillis: number) =>
  Effect.gen(function* () {
    const { raft } = node
    const patience = Random.nextIntBetween(3, 6)
    let ticksLeft = yield* patience
    for (;;) {
      yield* Effect.sleep(tickMillis)
      const isOver = !raft.hasHeard && raft.role !== "leader" && --ticksLeft < 0
      if (raft.hasHeard || isOver) ticksLeft = yield* patience
      raft.hasHeard = false
      yield* node.step(() => (isOver ? raft.campaign() : raft.tick()))
    }
  })

/** A request is a value to write, or 0 to read; no answer says that nobody knows. */
const answer = (node: Node, flaw: Flaw | undefined, stream: TcpStream.TcpStream) =>
  Effect.gen(function* () {
    const { raft } = node
    const value = (yield* stream.readExactly(1))[0]!
    const say = (byte: number) => stream.write(Uint8Array.of(byte))
    if (raft.role !== "leader") return yield* say(notLeader)
    if (value === 0 && flaw === "hasty") return yield* say(node.valueAt(raft.commit))
    const number = yield* node.propose(value)
    if (number !== undefined) yield* say(value === 0 ? node.valueAt(number) : value)
  }).pipe(Effect.ignore)

export const serve = (options: Options) =>
  Effect.gen(function* () {
    const { flaw, id } = options
    const kept = yield* load
    const node = new Node(kept, yield* Udp.bind({ host: addressOf(id), port }), options)
    yield* Effect.forkScoped(Effect.forever(receive(node)))
    yield* Effect.forkScoped(tick(node, options.tickMillis))
    const listen = { host: "0.0.0.0", port: clientPort, connectionsMax: 10 }
    yield* Tcp.serve((stream) => answer(node, flaw, stream), listen)
    return yield* Effect.never
  }).pipe(Effect.scoped)
