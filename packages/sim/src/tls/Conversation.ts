/**
 * One side's part in a handshake: what it says, and what it makes of what the other says. Moved by
 * `SimHandshake`, which knows the transport.
 */
import type { TlsVersion, TlsWrapRequest } from "@portico/core/port/index"
import * as Chain from "../x509/Chain.ts"
import { Malformed } from "../x509/Malformed.ts"
import * as X509Certificate from "../x509/X509Certificate.ts"
import { Alert, type Fault, fault, refusal } from "./Alert.ts"
import type { Message } from "./MessageReader.ts"
import * as Messages from "./Messages.ts"
import type { RecordLayer } from "./RecordLayer.ts"
import { ContentType } from "./RecordReader.ts"
import type { SimTlsContext } from "./SimTlsContext.ts"
import { type Side, Transcript } from "./Transcript.ts"

/** What a conversation has of the world. */
export interface World {
  nowMillis(): number
  /** As many bytes of chance. */
  random(bytes: number): Uint8Array
}

export type Certificates = ReadonlyArray<X509Certificate.X509Certificate>

/** What a handshake found. */
export interface Facts {
  readonly protocol: TlsVersion
  readonly applicationProtocol: string | undefined
  readonly serverName: string | undefined
  readonly isResumed: boolean
  /** The peer's, its own first; empty when it has shown none. */
  readonly chain: Certificates
}

export abstract class Conversation {
  /** Set when this side has nothing more to wait for. */
  facts: Facts | undefined
  protected readonly layer: RecordLayer
  protected readonly world: World
  protected readonly request: TlsWrapRequest
  protected readonly transcript = new Transcript()
  protected readonly side: Side
  protected readonly peer: Side
  protected chain: Certificates = []

  constructor(layer: RecordLayer, world: World, request: TlsWrapRequest) {
    this.layer = layer
    this.world = world
    this.request = request
    this.side = request.side._tag === "Client" ? "client" : "server"
    this.peer = this.side === "client" ? "server" : "client"
  }

  /** Says what is said unasked. */
  abstract begin(): void

  /** Takes the next message of the other side, whatever it is. May throw `Malformed`. */
  abstract take(message: Message): Fault | undefined

  protected say(...messages: ReadonlyArray<Uint8Array>): void {
    for (const message of messages) {
      this.transcript.add(message)
      this.layer.send(ContentType.handshake, message)
    }
  }

  /** Certificate and CertificateVerify, or an empty Certificate. */
  protected sayCertificate({ chain }: SimTlsContext): void {
    this.say(Messages.encodeCertificate(chain.map(({ raw }) => raw)))
    if (chain.length > 0) {
      this.say(Messages.encodeVerify(this.transcript.proof(this.side)))
    }
  }

  protected sayFinished(): void {
    this.say(Messages.message(Messages.MessageType.finished, this.transcript.finished(this.side)))
  }

  /** The peer's chain, which is judged. An empty one is nothing to judge. */
  protected takeCertificate(body: Uint8Array, { trust }: SimTlsContext): Fault | undefined {
    const chain: Array<X509Certificate.X509Certificate> = []
    for (const raw of Messages.decodeCertificate(body)) {
      const certificate = X509Certificate.decode(raw)
      if (certificate instanceof Malformed) return fault(Alert.badCertificate)
      chain.push(certificate)
    }
    this.chain = chain
    if (chain.length === 0) return undefined
    const reason = Chain.verify(chain, trust, this.peer, this.world.nowMillis())
    return reason === undefined ? undefined : refusal(reason)
  }

  /** Whether a chain of an earlier handshake would be accepted now. */
  protected isAccepted(chain: Certificates, { trust }: SimTlsContext): boolean {
    return Chain.verify(chain, trust, this.peer, this.world.nowMillis()) === undefined
  }

  protected takeVerify(body: Uint8Array): Fault | undefined {
    const isProven = X509Certificate.isSame(
      Messages.decodeVerify(body),
      this.transcript.proof(this.peer)
    )
    return isProven ? undefined : fault(Alert.decryptError)
  }

  protected takeFinished(body: Uint8Array): Fault | undefined {
    const isSame = X509Certificate.isSame(body, this.transcript.finished(this.peer))
    return isSame ? undefined : fault(Alert.decryptError)
  }
}
