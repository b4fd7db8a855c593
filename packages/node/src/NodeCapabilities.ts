/** What Node can do here; the platform and the thread decide. */
import { isMainThread } from "node:worker_threads"
import type { Capabilities } from "@portico/core/Capabilities"

export const make = (platform: NodeJS.Platform): Capabilities => ({
  listenBacklog: true,
  // libuv accepts as soon as the kernel has a connection; `net.Server` cannot be paused.
  acceptPause: false,
  reusePort: platform === "linux",
  ipv6Only: true,
  localBind: true,
  resetClose: true,
  abstractNames: platform === "linux",
  unixMode: isMainThread && platform !== "win32",
  keepAlive: true,
  udpConnect: true,
  multicastSource: true,
  kernelBufferBytes: true,
  tls: true,
  files: true,
  fileLock: platform === "linux",
  fileLockShared: platform === "linux",
  // There is no call for fallocate(2); to write zeroes is another thing.
  fileAllocate: false,
  // Elsewhere nobody has looked yet whether `fs.watch` keeps what is promised.
  watch: platform === "linux",
  threads: true,
  workerHeapLimit: true,
  // Node shows libuv's check phase (immediates) and its idle handle, and no other phase.
  phaseTimers: false,
  phasePending: false,
  phaseIdle: true,
  phasePrepare: false,
  phasePoll: false,
  phaseCheck: true,
  phaseClosing: false,
  deterministic: false
})
