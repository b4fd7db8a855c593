/** What Bun's own sockets can do (seen on Bun 1.4.5). */
import type { Capabilities } from "@portico/core/Capabilities"

export const make = (platform: NodeJS.Platform): Capabilities => ({
  // Bun.listen has no such option: the system call always says 512.
  listenBacklog: false,
  // Bun.listen accepts as long as the kernel has connections, and cannot be told to wait.
  acceptPause: false,
  // Elsewhere SO_REUSEPORT exists but does not share connections out.
  reusePort: platform === "linux",
  ipv6Only: true,
  localBind: true,
  resetClose: true,
  abstractNames: platform === "linux",
  unixMode: true,
  keepAlive: true,
  deterministic: false
})
