/** What the simulator can do: everything on one thread, which is all it has. */
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
  udpConnect: true,
  multicastSource: true,
  kernelBufferBytes: true,
  tls: true,
  files: true,
  fileLock: true,
  fileLockShared: true,
  fileAllocate: true,
  watch: true,
  threads: false,
  workerHeapLimit: true,
  phaseTimers: true,
  phasePending: true,
  phaseIdle: true,
  phasePrepare: true,
  phasePoll: true,
  phaseCheck: true,
  phaseClosing: true,
  deterministic: true
}
