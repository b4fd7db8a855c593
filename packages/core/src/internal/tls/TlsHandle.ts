/**
 * A TLS stream as users hold it: a `StreamHandle` over the TLS port, in place of the handle that it
 * was made of.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type { Certificate } from "../../Certificate.ts"
import type { Wait } from "../../Handle.ts"
import type { IoError } from "../../IoError.ts"
import type { PortCertificate, TlsStreamPort } from "../../port/TlsPort.ts"
import type { Reason } from "../../Reason.ts"
import type { TlsStream, TlsVersion } from "../../TlsStream.ts"
import { StreamHandle, type StreamSettings } from "../stream/StreamHandle.ts"

export class TlsHandle extends StreamHandle implements TlsStream {
  readonly protocol: TlsVersion
  readonly applicationProtocol: Option.Option<string>
  readonly serverName: Option.Option<string>
  readonly isResumed: boolean
  private readonly inner: StreamHandle
  private readonly tls: TlsStreamPort
  private certificate: Option.Option<Certificate> | undefined

  constructor(inner: StreamHandle, port: TlsStreamPort, settings: StreamSettings) {
    super(inner.table, port, settings)
    this.inner = inner
    this.tls = port
    this.protocol = port.protocol
    this.applicationProtocol = Option.fromUndefinedOr(port.applicationProtocol)
    this.serverName = Option.fromUndefinedOr(port.serverName)
    this.isResumed = port.isResumed
    // A server finds the streams that it serves, and ends them, by these.
    this.handler = inner.handler
    this.isRef = inner.isRef
    inner.become(this)
  }

  override get kind(): "TlsStream" {
    return "TlsStream"
  }

  override get isUnix(): boolean {
    return this.inner.isUnix
  }

  override get origin(): StreamSettings {
    return this.inner.origin
  }

  get peerCertificate(): Option.Option<Certificate> {
    const { peerCertificate } = this.tls
    return (this.certificate ??=
      peerCertificate === undefined ? Option.none() : Option.some(certificateOf(peerCertificate)))
  }

  get session(): Effect.Effect<Option.Option<Uint8Array>> {
    return Effect.sync(() => Option.fromUndefinedOr(this.tls.session))
  }

  // The operations are a stream's, whatever it runs over; who reads an error holds a `TlsStream`.
  override error(operation: string, reason: Reason, cause?: unknown): IoError {
    return super.error(named(operation), reason, cause)
  }

  override get waits(): ReadonlyArray<Wait> {
    return super.waits.map(({ fiberId, operation }) => ({ fiberId, operation: named(operation) }))
  }

  override finishClose(): void {
    this.inner.ended()
    super.finishClose()
  }

  override ended(): void {
    super.ended()
    this.inner.ended()
  }
}

const named = (operation: string): string => operation.replace(/^TcpStream\./, "TlsStream.")

const certificateOf = (port: PortCertificate): Certificate => {
  const { validFromMillis, validToMillis, ...rest } = port
  const validFrom = DateTime.makeUnsafe(validFromMillis)
  return { ...rest, validFrom, validTo: DateTime.makeUnsafe(validToMillis) }
}
