/** One request, from its first packet to the end of its transfer. */
import * as Effect from "effect/Effect"
import { Files, IoError, type UdpSocket } from "@portico/core"
import * as Blocks from "./Blocks.ts"
import { Link } from "./Link.ts"
import { receiveFile } from "./receiveFile.ts"
import type { Root } from "./Root.ts"
import { sendFile } from "./sendFile.ts"
import * as Negotiation from "./wire/Negotiation.ts"
import * as Packet from "./wire/Packet.ts"
import { type Abandoned, codes, ofFailure, Refusal } from "./wire/Refusal.ts"

export interface Policy {
  readonly root: Root
  readonly limits: Negotiation.Limits
  readonly isReadOnly: boolean
  readonly keepsExisting: boolean
  readonly uploadBytesMax: number
}

/** What is known when a transfer is over. */
export interface Result {
  /** For the log. */
  readonly figures: string
  /** What is still done for a client that may not know; it can be left out at any time. */
  readonly linger: Effect.Effect<void, Abandoned>
}

const read = Effect.fnUntraced(function* (link: Link, request: Packet.Request, policy: Policy) {
  const file = yield* policy.root.openFile(request.file)
  const { bytes } = yield* file.stat
  // The length of a translated file is not known before it is translated.
  const isOctet = request.mode === "octet"
  const agreement = Negotiation.agree(request, policy.limits, isOctet ? Number(bytes) : undefined)
  const blocks = (isOctet ? Blocks.octets : Blocks.netascii)(file, agreement.blockBytes)
  const sent = yield* sendFile(link, blocks, agreement)
  const figures = `bytes=${sent.bytes} blocks=${sent.blocks} resent=${sent.resent}`
  return { figures, linger: Effect.void }
}, Effect.scoped)

const write = Effect.fnUntraced(function* (link: Link, request: Packet.Request, policy: Policy) {
  const { isReadOnly, keepsExisting, limits, root, uploadBytesMax: bytesMax } = policy
  if (isReadOnly) {
    return yield* new Refusal({ code: codes.accessViolation, message: "Nothing may be written" })
  }
  const agreement = Negotiation.agree(request, limits, undefined)
  if ((agreement.bytesAnnounced ?? 0) > bytesMax) {
    return yield* new Refusal({ code: codes.diskFull, message: `At most ${bytesMax} bytes` })
  }
  const path = yield* root.target(request.file, keepsExisting)
  const upload = { mode: request.mode, bytesMax }
  // What breaks off leaves nothing behind, and no half of a file is ever seen.
  const received = yield* Files.replace(path, (file) => receiveFile(link, file, agreement, upload))
  yield* received.acknowledge
  const { blocks, bytes, linger } = received
  return { figures: `bytes=${bytes} blocks=${blocks}`, linger }
})

/** A failure of a file is told as the protocol has it. */
const asRefusal = (error: Abandoned | IoError.IoError | Refusal): Abandoned | Refusal =>
  IoError.isIoError(error) ? ofFailure(error) : error

/**
 * Serves one request over a socket of its own. What goes wrong is told to the client, once, as an
 * error packet, or is the client's own doing.
 */
export const serve = (
  socket: UdpSocket.UdpSocket,
  datagram: UdpSocket.Datagram,
  request: Packet.Request,
  policy: Policy
): Effect.Effect<Result, Abandoned | Refusal, Files.Files> => {
  const link = new Link(socket, datagram)
  return (request._tag === "Read" ? read : write)(link, request, policy).pipe(
    Effect.mapError(asRefusal),
    Effect.tapError((error) =>
      error._tag === "Refusal" ? link.send(Packet.error(error.code, error.message)) : Effect.void
    )
  )
}
