/** A host's place in a network: its number, its addresses, and the kernel that runs there now. */
import type { Host } from "./Host.ts"
import { IoEvents } from "./IoEvents.ts"
import type { IpAddress } from "./IpAddress.ts"
import type { Network } from "./Network.ts"

export class Site {
  readonly network: Network
  /** From 1, in order of creation. */
  readonly number: number
  readonly name: string
  /** Beside loopback. */
  readonly addresses: ReadonlyArray<IpAddress>
  readonly io = new IoEvents()
  /** Reads that give less than there is, in 1,024ths. */
  shortReads = 0
  /** Undefined while it has no power. */
  kernel: Host | undefined = undefined

  constructor(network: Network, number: number, name: string, addresses: ReadonlyArray<IpAddress>) {
    this.network = network
    this.number = number
    this.name = name
    this.addresses = addresses
  }
}
