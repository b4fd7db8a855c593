/** A client's SYN, which finds out where it goes when it gets there. */
import type { Endpoint } from "./Endpoint.ts"
import type { Host } from "./Host.ts"
import * as IpAddress from "./IpAddress.ts"
import { sendLoopback } from "./loopback.ts"
import type { Loss, Parcel } from "./Network.ts"
import type { Site } from "./Site.ts"

export const sendSyn = (host: Host, client: Endpoint): void => {
  const { site } = host
  if (site === undefined) {
    sendLoopback(host, client.lane, "Syn", 0, () => host.protocol.synArrived(host, client))
  } else if (host.isUp) {
    site.network.carry(site, destination(site, client), new Syn(client), client.lane)
  }
}

const destination = (site: Site, { remote }: Endpoint): Site | undefined => {
  const ip = remote?._tag === "Inet" ? IpAddress.parse(remote.host) : undefined
  if (ip === undefined) return undefined
  return IpAddress.isLoopback(ip) ? site : site.network.find(ip)
}

class Syn implements Parcel {
  readonly protocol = "tcp"
  readonly kind = "Syn"
  readonly fragments = 1
  readonly bytes = 0
  readonly order = undefined
  private readonly client: Endpoint

  constructor(client: Endpoint) {
    this.client = client
  }

  deliver(kernel: Host): void {
    kernel.protocol.synArrived(kernel, this.client)
  }

  lost(loss: Loss): void {
    const { client } = this
    client.host.protocol.lost(client, { kind: "Refused" }, loss)
  }
}
