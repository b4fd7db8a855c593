/** What Bun's own sockets can do (seen on Bun 1.4.5); the platform and the thread decide. */
import { isMainThread } from "node:worker_threads"
import type { Capabilities } from "@portico/core/Capabilities"

/** By default as on Bun 1.4.5: see `BunPhases.isAvailable` and `BunTls.isAvailable`. */
export const make = (
  platform: NodeJS.Platform,
  showsPhases = platform === "linux" && isMainThread,
  hasTls = true
): Capabilities => ({
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
  // The mode is given by the umask, which a worker thread cannot change.
  unixMode: isMainThread,
  keepAlive: true,
  // Not by Bun.udpSocket, but by system calls on its descriptor: see BunUdpCalls.
  udpConnect: platform === "linux",
  multicastSource: true,
  kernelBufferBytes: platform === "linux",
  tls: hasTls,
  files: true,
  fileLock: platform === "linux",
  fileLockShared: platform === "linux",
  // There is no call for fallocate(2), and by FFI it would hold the loop.
  fileAllocate: false,
  // Elsewhere nobody has looked yet whether `fs.watch` keeps what is promised.
  watch: platform === "linux",
  threads: true,
  // Bun has no `resourceLimits`: a thread takes what the process has.
  workerHeapLimit: false,
  phaseTimers: false,
  phasePending: false,
  phaseIdle: showsPhases,
  phasePrepare: showsPhases,
  phasePoll: false,
  phaseCheck: showsPhases,
  phaseClosing: false,
  deterministic: false
})
