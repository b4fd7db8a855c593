/** What the simulator can do: everything. */
import type { Capabilities } from "@portico/core/Capabilities"

export const capabilities: Capabilities = {
  listenBacklog: true,
  acceptPause: true,
  reusePort: true,
  ipv6Only: true,
  localBind: true,
  resetClose: true,
  abstractNames: true,
  unixMode: true,
  keepAlive: true,
  deterministic: true
}
