/** A datagram as it is queued and handed out. */
import * as Address from "../../Address.ts"
import type { InetPortAddress } from "../../port/PortAddress.ts"
import type { Datagram } from "../../UdpSocket.ts"
import { type Destinations, ReplyAddress } from "./Destinations.ts"

export class ReceivedDatagram implements Datagram {
  readonly bytes: Uint8Array
  readonly isTruncated: boolean
  private readonly source: InetPortAddress
  private readonly destinations: Destinations
  private address: Address.InetAddress | undefined = undefined

  constructor(
    bytes: Uint8Array,
    source: InetPortAddress,
    isTruncated: boolean,
    destinations: Destinations
  ) {
    this.bytes = bytes
    this.source = source
    this.isTruncated = isTruncated
    this.destinations = destinations
  }

  get replyTo(): InetPortAddress {
    return new ReplyAddress(this.source, this.destinations)
  }

  // Parsing costs more than receiving: only whoever asks pays.
  get from(): Address.InetAddress {
    return (this.address ??= Address.fromInetPort(this.source))
  }
}
