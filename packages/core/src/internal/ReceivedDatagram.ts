/** A datagram as it is queued and handed out. */
import * as Address from "../Address.ts"
import type { InetPortAddress } from "../port/PortAddress.ts"
import type { Datagram } from "../UdpSocket.ts"

export class ReceivedDatagram implements Datagram {
  readonly bytes: Uint8Array
  readonly isTruncated: boolean
  private readonly source: InetPortAddress
  private address: Address.Address | undefined = undefined

  constructor(bytes: Uint8Array, source: InetPortAddress, isTruncated: boolean) {
    this.bytes = bytes
    this.source = source
    this.isTruncated = isTruncated
  }

  // Parsing costs more than receiving: only whoever asks pays.
  get from(): Address.Address {
    return (this.address ??= Address.fromPort(this.source))
  }
}
