/** The `UdpPort` over `Bun.udpSocket`. */
import {
  type Attempt,
  type BindEvents,
  type BindRequest,
  type PortFailure,
  raise,
  type TurnPort,
  type UdpPort
} from "@portico/core/port/index"
import { unlessExhausted } from "../BunDescriptors.ts"
import { failureOf, statusFailure } from "../BunErrno.ts"
import * as Calls from "./BunUdpCalls.ts"
import { BunUdpSocket, type NativeUdp } from "./BunUdpSocket.ts"

export const make = (turn: TurnPort, platform: NodeJS.Platform): UdpPort => {
  // With the first socket.
  let calls: Calls.BunUdpCalls | undefined
  return {
    bind: (request, events) => {
      if (Calls.isAvailable(platform)) calls ??= new Calls.BunUdpCalls()
      return new Binding(turn, calls, request, events)
    }
  }
}

// Undocumented; the option `reusePort` is ignored. The second of `reusePort` makes a refusal an
// error.
const flagsOf = ({ ipv6Only, reuseAddress, reusePort }: BindRequest): number =>
  (reusePort ? 4 | 32 : 0) | (ipv6Only ? 8 : 0) | (reuseAddress ? 16 : 0)

class Binding implements Attempt {
  private readonly turn: TurnPort
  private readonly calls: Calls.BunUdpCalls | undefined
  private readonly request: BindRequest
  private readonly events: BindEvents
  private port: BunUdpSocket | undefined
  private isDone = false

  constructor(
    turn: TurnPort,
    calls: Calls.BunUdpCalls | undefined,
    request: BindRequest,
    events: BindEvents
  ) {
    this.turn = turn
    this.calls = calls
    this.request = request
    this.events = events
    // Bun binds inside the call and throws there; its promise is fulfilled already. A microtask
    // comes before the first datagram.
    new Promise<NativeUdp>((resolve) => resolve(this.open())).then(
      (socket) => this.onOpen(socket),
      (error: unknown) => this.fail(unlessExhausted(failureOf(error)))
    )
  }

  cancel(): void {
    this.isDone = true
  }

  private open(): Promise<NativeUdp> {
    const { address } = this.request
    const options = {
      hostname: address.host,
      port: address.port,
      flags: flagsOf(this.request),
      binaryType: "uint8array" as const,
      socket: {
        data: (
          _socket: unknown,
          bytes: Uint8Array,
          port: number,
          host: string,
          flags: Bun.udp.ReceiveFlags
        ) => this.port?.onData(bytes, port, host, flags.truncated),
        drain: () => this.port?.onDrain(),
        // Called with the error alone, whatever its type says.
        error: (error: unknown) => this.onError(error)
      }
    }
    return Bun.udpSocket(options) as Promise<unknown> as Promise<NativeUdp>
  }

  // What a handler of ours throws comes here as well: a defect, of which Bun is told.
  private onError(error: unknown): void {
    if ((error as { readonly syscall?: unknown } | null)?.syscall !== "recv") throw error
    this.port?.onError(error as Error)
  }

  private onOpen(socket: NativeUdp): void {
    if (this.isDone) return socket.close()
    const status = this.configure(socket)
    if (status < 0) {
      socket.close()
      return this.fail(statusFailure(status))
    }
    this.isDone = true
    const port = new BunUdpSocket(this.turn, socket, this.calls, this.request.address.port === 0)
    this.port = port
    raise(this.turn, () => this.events.onBound(port))
  }

  /** A status: see `BunUdpCalls`. */
  private configure({ address, fd }: NativeUdp): number {
    const { calls, request } = this
    const { kernelReceiveBytes, kernelSendBytes } = request
    if (calls === undefined) return 0
    const statuses = [
      calls.ignoreErrors(fd, address.family === "IPv6"),
      kernelReceiveBytes === undefined ? 0 : calls.setReceiveBuffer(fd, kernelReceiveBytes),
      kernelSendBytes === undefined ? 0 : calls.setSendBuffer(fd, kernelSendBytes)
    ]
    return Math.min(...statuses)
  }

  private fail(failure: PortFailure): void {
    if (this.isDone) return
    this.isDone = true
    raise(this.turn, () => this.events.onFailed(failure))
  }
}
