/** The client's part: hello; then, when the server has finished, its certificate and its end. */
import type { TlsClientSide, TlsWrapRequest } from "@portico/core/port/index"
import { Alert, type Fault, fault } from "./Alert.ts"
import { Conversation, type World } from "./Conversation.ts"
import type { Message } from "./MessageReader.ts"
import * as Messages from "./Messages.ts"
import type { RecordLayer } from "./RecordLayer.ts"
import type { SimTlsContext } from "./SimTlsContext.ts"
import * as Tickets from "./Tickets.ts"

const { MessageType } = Messages

/** What the server says next. */
type Awaited = "hello" | "extensions" | "certificate" | "verify" | "finished"

export class ClientConversation extends Conversation {
  private readonly own: TlsClientSide
  private readonly context: SimTlsContext
  private readonly session: Tickets.Session | undefined
  private awaited: Awaited = "hello"
  private isAsked = false
  private isResumed = false
  private protocol: string | undefined

  constructor(layer: RecordLayer, world: World, request: TlsWrapRequest, own: TlsClientSide) {
    super(layer, world, request)
    this.own = own
    this.context = own.context as SimTlsContext
    const session = own.session === undefined ? undefined : Tickets.decodeSession(own.session)
    const isFresh = session !== undefined && session.untilMillis > world.nowMillis()
    this.session = isFresh && this.isAccepted(session.chain, this.context) ? session : undefined
  }

  begin(): void {
    const { own, request, session, world } = this
    const hello = Messages.encodeClientHello({
      random: world.random(32),
      versions: [Messages.tls13],
      serverName: own.serverName,
      alpn: request.alpn,
      ticket: session?.ticket
    })
    this.say(hello)
  }

  take({ body, type, whole }: Message): Fault | undefined {
    const outcome = this.answer(type, body)
    this.transcript.add(whole)
    if (outcome !== undefined) return outcome
    if (type === MessageType.serverHello) this.encrypt()
    if (type === MessageType.finished) this.finish()
    return undefined
  }

  private answer(type: number, body: Uint8Array): Fault | undefined {
    const { awaited } = this
    if (awaited === "hello" && type === MessageType.serverHello) return this.takeHello(body)
    if (awaited === "extensions" && type === MessageType.encryptedExtensions) {
      this.awaited = this.isResumed ? "finished" : "certificate"
      return this.takeExtensions(body)
    }
    if (awaited === "certificate" && type === MessageType.certificateRequest && !this.isAsked) {
      this.isAsked = true
      return undefined
    }
    if (awaited === "certificate" && type === MessageType.certificate) {
      this.awaited = "verify"
      const refused = this.takeCertificate(body, this.context)
      return refused ?? (this.chain.length === 0 ? fault(Alert.decodeError) : undefined)
    }
    if (awaited === "verify" && type === MessageType.certificateVerify) {
      this.awaited = "finished"
      return this.takeVerify(body)
    }
    if (awaited === "finished" && type === MessageType.finished) return this.takeFinished(body)
    return fault(Alert.unexpectedMessage)
  }

  private takeHello(body: Uint8Array): Fault | undefined {
    const { isResumed, version } = Messages.decodeServerHello(body)
    if (version !== Messages.tls13) return fault(Alert.protocolVersion)
    if (isResumed && this.session === undefined) return fault(Alert.illegalParameter)
    this.isResumed = isResumed
    if (isResumed) this.chain = this.session!.chain
    this.awaited = "extensions"
    return undefined
  }

  private takeExtensions(body: Uint8Array): Fault | undefined {
    this.protocol = Messages.decodeEncryptedExtensions(body)
    const isOffered = this.protocol === undefined || this.request.alpn.includes(this.protocol)
    return isOffered ? undefined : fault(Alert.illegalParameter)
  }

  private encrypt(): void {
    this.layer.sendChangeCipherSpec()
    this.layer.encryptReads(this.transcript.key("server"))
    this.layer.encryptWrites(this.transcript.key("client"))
  }

  // The client is done when it has said its last word, whatever the server makes of that.
  private finish(): void {
    if (this.isAsked) this.sayCertificate(this.context)
    this.sayFinished()
    this.facts = {
      protocol: "TLSv1.3",
      applicationProtocol: this.protocol,
      serverName: this.own.serverName,
      isResumed: this.isResumed,
      chain: this.chain
    }
  }
}
