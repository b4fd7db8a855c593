/**
 * What a backend can or cannot do, typed.
 *
 * Asking for what is missing fails as `Unsupported { capability, backend }`; nothing is ignored in
 * silence. The table in `docs/reference/capabilities.md` is generated from these records.
 */
export interface Capabilities {
  /** `Tcp.listen` honours `backlog`. Bun 1.4 always uses 512. */
  readonly listenBacklog: boolean
  /** Above the connection limit, connections stay in the kernel's backlog, not in the process. */
  readonly acceptPause: boolean
  /** Several sockets may have one port and share its connections or datagrams (SO_REUSEPORT). */
  readonly reusePort: boolean
  /** An IPv6 socket can be made to refuse IPv4 (IPV6_V6ONLY). */
  readonly ipv6Only: boolean
  /** `Tcp.connect` can bind a local address first. */
  readonly localBind: boolean
  /** A stream can be closed with RST. */
  readonly resetClose: boolean
  /** Unix sockets in Linux's abstract namespace. */
  readonly abstractNames: boolean
  /** A Unix listener's file can be given permission bits before the first connect. */
  readonly unixMode: boolean
  /** Keep-alive probes can be switched on with an initial delay. */
  readonly keepAlive: boolean
  /** A datagram socket can be given a fixed peer, and let it go. */
  readonly udpConnect: boolean
  /** A datagram socket can join a group for one source alone (RFC 4607). */
  readonly multicastSource: boolean
  /** The kernel's buffers of a datagram socket can be set and read (SO_RCVBUF, SO_SNDBUF). */
  readonly kernelBufferBytes: boolean
  /** Streams can be encrypted (`Tls`). */
  readonly tls: boolean
  /** There are files (`Files`). */
  readonly files: boolean
  /** An open file can be locked against others who ask (`File.lock`). */
  readonly fileLock: boolean
  /** Such a lock can be held by several who share it. */
  readonly fileLockShared: boolean
  /** Space can be reserved for a file before it is written (`File.allocate`). */
  readonly fileAllocate: boolean
  /** The host tells of changes in directories (`Watch`); else they are found by polling. */
  readonly watch: boolean
  /** Other threads can wake the loop (`WakeUp.cell`). */
  readonly threads: boolean
  /** The heap of a lane's threads can be bounded, and who exceeds it is told apart. */
  readonly workerHeapLimit: boolean
  /** `EventLoop.hook` shows the phase in which due timers fire. */
  readonly phaseTimers: boolean
  /** `EventLoop.hook` shows the phase of callbacks that were put off. */
  readonly phasePending: boolean
  /** `EventLoop.hook` calls back each turn, and keeps the loop from waiting. */
  readonly phaseIdle: boolean
  /** `EventLoop.hook` calls back right before the loop polls for I/O. */
  readonly phasePrepare: boolean
  /** `EventLoop.hook` calls back when the loop polls for I/O. */
  readonly phasePoll: boolean
  /** `EventLoop.hook` calls back right after the loop has polled for I/O. */
  readonly phaseCheck: boolean
  /** `EventLoop.hook` calls back when closed handles report. */
  readonly phaseClosing: boolean
  /** Time and the order of events are chosen by a seed. */
  readonly deterministic: boolean
}

export type Capability = keyof Capabilities
