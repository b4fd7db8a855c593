/**
 * TCP's question whether anybody is still there (RFC 1122 §4.2.3.6), as hosts set it up: after some
 * silence a probe a second, and the connection is given up after ten without an answer.
 *
 * Where the peer would answer, nobody has to ask. So it is asked only from when something between
 * the two has changed; else idle connections would keep a world busy for ever.
 */
import type { Endpoint } from "./Endpoint.ts"
import type { Host } from "./Host.ts"
import type { Network } from "./Network.ts"
import { fail } from "./Teardown.ts"
import { send } from "./Wire.ts"

// libuv's TCP_KEEPINTVL and TCP_KEEPCNT.
const intervalNanos = 1e9
const probesMax = 10

/** `idleNanos` of silence until the first probe; `undefined` for none. */
export const setKeepAlive = (host: Host, end: Endpoint, idleNanos: number | undefined): void => {
  end.keepAliveNanos = idleNanos
  if (idleNanos !== undefined) ask(host, end)
}

/** Something has changed between hosts: a link, or one lost its power. */
export const askAll = (network: Network): void => {
  for (const { kernel } of network.sites) {
    if (kernel === undefined) continue
    for (const end of kernel.open) {
      if ("keepAliveNanos" in end && end.keepAliveNanos !== undefined) ask(kernel, end)
    }
  }
}

const ask = (host: Host, end: Endpoint): void => {
  if (end.keepAliveTimer !== undefined || isAnswered(end)) return
  end.probes = 0
  const silence = host.timeline.now - end.heardAt
  wait(host, end, Math.max(1, end.keepAliveNanos! - silence))
}

const isAnswered = ({ flight, host, peer }: Endpoint): boolean => {
  if (flight === undefined || peer === undefined) return true
  const { links } = host.site!.network
  const [here, there] = [host.site!.number, peer.host.site!.number]
  const isWhole = (from: number, to: number) => {
    const { loss, partition } = links.between(from, to).state
    return partition === "none" && loss === 0
  }
  return peer.host.isUp && peer.phase !== "gone" && isWhole(here, there) && isWhole(there, here)
}

const wait = (host: Host, end: Endpoint, nanos: number): void => {
  const askedAt = host.timeline.now
  end.keepAliveTimer = host.timeline.after(nanos, end.lane, () => {
    end.keepAliveTimer = undefined
    const { flight, keepAliveNanos, phase } = end
    if (keepAliveNanos === undefined || phase !== "established" || !host.isUp) return
    if (end.heardAt >= askedAt) return ask(host, end)
    // What is under way is sent again and again by itself.
    if (flight!.length > 0) return wait(host, end, keepAliveNanos)
    if (end.probes++ === probesMax) return fail(host, end, end.softError ?? "timedOut")
    send(host, end.peer, { kind: "Probe" })
    wait(host, end, intervalNanos)
  })
}
