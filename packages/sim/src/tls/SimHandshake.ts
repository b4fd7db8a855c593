/** A handshake under way: a conversation over a transport. */
import {
  type Attempt,
  End,
  PortFailure,
  type StreamEvents,
  type TlsWrapEvents,
  type TlsWrapRequest,
  WouldBlock
} from "@portico/core/port/index"
import { Reason } from "@portico/core/Reason"
import type { SimPorts } from "../port/SimPorts.ts"
import { StrandKind } from "../loop/Strand.ts"
import { attempt, Malformed } from "../x509/Malformed.ts"
import { Alert, Fault, fault, handshakeFailure } from "./Alert.ts"
import { ClientConversation } from "./ClientConversation.ts"
import type { Conversation, World } from "./Conversation.ts"
import { type Message, MessageReader } from "./MessageReader.ts"
import { MessageType } from "./Messages.ts"
import { type Content, RecordLayer } from "./RecordLayer.ts"
import { ContentType } from "./RecordReader.ts"
import { ServerConversation } from "./ServerConversation.ts"
import { SimTlsStream } from "./SimTlsStream.ts"

export class SimHandshake implements Attempt, StreamEvents {
  private readonly ports: SimPorts
  private readonly world: World
  private readonly request: TlsWrapRequest
  private readonly events: TlsWrapEvents
  private readonly layer: RecordLayer
  private readonly messages = new MessageReader()
  private readonly conversation: Conversation
  private hasBegun = false
  private isOver = false

  constructor(ports: SimPorts, world: World, request: TlsWrapRequest, events: TlsWrapEvents) {
    this.ports = ports
    this.world = world
    this.request = request
    this.events = events
    const layer = (this.layer = new RecordLayer(request))
    const { side } = request
    this.conversation =
      side._tag === "Client"
        ? new ClientConversation(layer, world, request, side)
        : new ServerConversation(layer, world, request, side)
    request.transport.attach(this)
    // Nobody tells of what is there already.
    ports.world.post(ports.world.strand(StrandKind.port), () => this.advance())
  }

  cancel(): void {
    this.isOver = true
  }

  onReadable(): void {
    this.advance()
  }

  onWritable(): void {
    this.advance()
  }

  // Only core closes the transport of a handshake, which is over then.
  onClosed(): void {}

  /** Goes as far as it goes with what has come. */
  private advance(): void {
    if (this.isOver) return
    if (!this.hasBegun) this.conversation.begin()
    this.hasBegun = true
    while (!this.isOver) {
      this.layer.flush()
      if (this.conversation.facts !== undefined) return this.succeed()
      const outcome = this.step()
      if (outcome instanceof Fault) return this.give(outcome)
      if (outcome instanceof PortFailure) return this.fail(outcome)
      if (outcome === WouldBlock) return this.checkSending()
    }
  }

  // The other side's last word, which may say why nothing can be sent, was read first.
  private checkSending(): void {
    const { sendingOver } = this.layer
    if (sendingOver !== undefined) this.fail(sendingOver)
  }

  /** One message, or one record; why there is none. */
  private step(): Fault | PortFailure | typeof WouldBlock | undefined {
    const message = this.messages.next()
    if (message instanceof Fault) return message
    if (message !== undefined) return this.take(message)
    const content = this.layer.next()
    if (content === End) return new PortFailure(Reason.HandshakeEnded())
    if (content === WouldBlock || content instanceof Fault || content instanceof PortFailure) {
      return content
    }
    return this.takeContent(content)
  }

  private take(message: Message): Fault | undefined {
    const outcome = attempt(() => this.conversation.take(message))
    if (outcome instanceof Malformed) return fault(Alert.decodeError)
    // RFC 8446 §5.1: what follows is read with other keys, so it cannot share a record.
    const isHello = message.type <= MessageType.serverHello
    const isLast = isHello || this.conversation.facts !== undefined
    return isLast && !this.messages.isEmpty ? fault(Alert.unexpectedMessage) : outcome
  }

  private takeContent({ bytes, type }: Content): Fault | PortFailure | undefined {
    if (type === ContentType.handshake) this.messages.push(bytes)
    else if (type !== ContentType.alert) return fault(Alert.unexpectedMessage)
    else if (bytes[1] !== Alert.userCanceled) return handshakeFailure(bytes[1]!)
    return undefined
  }

  private succeed(): void {
    this.isOver = true
    const { conversation, events, layer, ports, request, world } = this
    layer.endHandshake()
    const stream = new SimTlsStream(ports, layer, request, conversation.facts!, () =>
      world.nowMillis()
    )
    request.transport.attach(stream)
    ports.raise(() => events.onSecure(stream))
  }

  private give({ alert, reason }: Fault): void {
    if (alert !== undefined) this.layer.sendAlert(alert)
    this.fail(new PortFailure(reason))
  }

  private fail(failure: PortFailure): void {
    this.isOver = true
    this.ports.raise(() => this.events.onFailed(failure))
  }
}
