/** The server's part: all it has to say after the client's hello; tickets when both are done. */
import type { TlsServerSide, TlsWrapRequest } from "@portico/core/port/index"
import { Reason } from "@portico/core/Reason"
import { Alert, Fault, fault } from "./Alert.ts"
import { Conversation, type World } from "./Conversation.ts"
import type { Message } from "./MessageReader.ts"
import * as Messages from "./Messages.ts"
import type { RecordLayer } from "./RecordLayer.ts"
import { ContentType } from "./RecordReader.ts"
import type { SimTlsContext } from "./SimTlsContext.ts"
import * as Tickets from "./Tickets.ts"

const { MessageType } = Messages

/** What the client says next. */
type Awaited = "hello" | "certificate" | "verify" | "finished"

export class ServerConversation extends Conversation {
  private readonly own: TlsServerSide
  private context: SimTlsContext | undefined
  private awaited: Awaited = "hello"
  private hello: Messages.ClientHello | undefined
  private isResumed = false
  private protocol: string | undefined

  constructor(layer: RecordLayer, world: World, request: TlsWrapRequest, own: TlsServerSide) {
    super(layer, world, request)
    this.own = own
  }

  begin(): void {}

  take({ body, type, whole }: Message): Fault | undefined {
    if (this.awaited === "hello" && type === MessageType.clientHello) {
      return this.takeHello(Messages.decodeClientHello(body), whole)
    }
    const outcome = this.answer(type, body)
    this.transcript.add(whole)
    if (outcome === undefined && type === MessageType.finished) this.finish()
    return outcome
  }

  private answer(type: number, body: Uint8Array): Fault | undefined {
    const { awaited } = this
    if (awaited === "certificate" && type === MessageType.certificate) {
      const refused = this.takeCertificate(body, this.context!)
      if (refused !== undefined) return refused
      const isMissing = this.chain.length === 0
      this.awaited = isMissing ? "finished" : "verify"
      return isMissing && this.own.clientCertificate === "require"
        ? new Fault(Alert.certificateRequired, Reason.CertificateRequired())
        : undefined
    }
    if (awaited === "verify" && type === MessageType.certificateVerify) {
      this.awaited = "finished"
      return this.takeVerify(body)
    }
    if (awaited === "finished" && type === MessageType.finished) return this.takeFinished(body)
    return fault(Alert.unexpectedMessage)
  }

  private takeHello(hello: Messages.ClientHello, whole: Uint8Array): Fault | undefined {
    this.hello = hello
    if (!hello.versions.includes(Messages.tls13)) return fault(Alert.protocolVersion)
    const context = this.own.contextFor(hello.serverName) as SimTlsContext
    this.context = context
    const { alpn } = this.request
    if (alpn.length > 0 && hello.alpn.length > 0) {
      this.protocol = alpn.find((protocol) => hello.alpn.includes(protocol))
      if (this.protocol === undefined) {
        return new Fault(Alert.noApplicationProtocol, Reason.NoApplicationProtocol())
      }
    }
    this.transcript.add(whole)
    this.resume(context, hello.ticket)
    this.reply(context)
    return undefined
  }

  private resume(context: SimTlsContext, ticket: Uint8Array | undefined): void {
    const found = ticket === undefined ? undefined : Tickets.unseal(context.ticketKey, ticket)
    if (found === undefined || found.untilMillis <= this.world.nowMillis()) return
    const { clientCertificate } = this.own
    const isEnough =
      found.chain.length === 0
        ? clientCertificate !== "require"
        : clientCertificate === "none" || this.isAccepted(found.chain, context)
    if (!isEnough) return
    this.isResumed = true
    this.chain = found.chain
  }

  private reply(context: SimTlsContext): void {
    const { isResumed, layer, world } = this
    this.say(
      Messages.encodeServerHello({
        random: world.random(32),
        version: Messages.tls13,
        isResumed
      })
    )
    layer.sendChangeCipherSpec()
    layer.encryptReads(this.transcript.key("client"))
    layer.encryptWrites(this.transcript.key("server"))
    this.say(Messages.encodeEncryptedExtensions(this.protocol))
    const isAsking = !isResumed && this.own.clientCertificate !== "none"
    if (isAsking) this.say(Messages.encodeCertificateRequest())
    if (!isResumed) this.sayCertificate(context)
    this.sayFinished()
    this.awaited = isAsking ? "certificate" : "finished"
  }

  private finish(): void {
    this.facts = {
      protocol: "TLSv1.3",
      applicationProtocol: this.protocol,
      serverName: this.hello!.serverName,
      isResumed: this.isResumed,
      chain: this.chain
    }
    // As OpenSSL: two, so that two connections can resume at once; one for a resumed session.
    for (let count = this.isResumed ? 1 : 2; count > 0; count--) this.sendTicket()
  }

  private sendTicket(): void {
    const { chain, context, layer, world } = this
    const nonce = world.random(4).reduce((sum, byte) => sum * 256 + byte, 0)
    const untilMillis = world.nowMillis() + Tickets.lifetimeSeconds * 1000
    const ticket = Tickets.seal(context!.ticketKey, nonce, { chain, untilMillis })
    if (ticket === undefined) return
    layer.send(ContentType.handshake, Messages.encodeTicket(Tickets.lifetimeSeconds, ticket))
  }
}
