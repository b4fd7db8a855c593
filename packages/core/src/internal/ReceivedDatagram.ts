/** A datagram as it is queued and handed out. */
import * as Address from "../Address.ts"
import type { InetPortAddress } from "../port/PortAddress.ts"
import type { Datagram } from "../UdpSocket.ts"

export class ReceivedDatagram implements Datagram {
  readonly bytes: Uint8Array
  readonly isTruncated: boolean
  readonly replyTo: InetPortAddress
  private address: Address.InetAddress | undefined = undefined

  constructor(bytes: Uint8Array, source: InetPortAddress, isTruncated: boolean) {
    this.bytes = bytes
    this.replyTo = source
    this.isTruncated = isTruncated
  }

  // Parsing costs more than receiving: only whoever asks pays.
  get from(): Address.InetAddress {
    return (this.address ??= Address.fromInetPort(this.replyTo))
  }
}
