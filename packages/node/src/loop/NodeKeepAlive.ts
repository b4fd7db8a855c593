/**
 * What keeps the process alive for those who have no handle of the host's own.
 *
 * A message port costs no timer and no CPU, and can be ref'd without a listener.
 */
import { MessageChannel } from "node:worker_threads"

export class NodeKeepAlive {
  private holders = 0
  // Both ends: a port whose other end was collected closes.
  private channel: MessageChannel | undefined

  hold(): void {
    if (this.holders++ > 0) return
    this.channel ??= new MessageChannel()
    this.channel.port1.ref()
  }

  release(): void {
    if (--this.holders === 0) this.channel!.port1.unref()
  }
}

/** One who holds or does not; asking twice counts once. */
export class NodeHolder {
  private isHolding = false
  private readonly keepAlive: NodeKeepAlive

  constructor(keepAlive: NodeKeepAlive) {
    this.keepAlive = keepAlive
  }

  set(isHolding: boolean): void {
    if (isHolding === this.isHolding) return
    this.isHolding = isHolding
    if (isHolding) this.keepAlive.hold()
    else this.keepAlive.release()
  }
}
