/**
 * System calls that Bun lacks for its UDP sockets, through its FFI on their descriptors: connect
 * and let go of a peer, buffer sizes, a multicast TTL of 0, and no IP_RECVERR.
 *
 * Bun sets IP_RECVERR on every socket. Then an ICMP answer from one dead peer makes the next send
 * fail, to whomever it goes, and its datagram is lost. Without it Linux drops what ICMP says to a
 * socket that is not connected, as it does for Node, and tells a connected one once.
 *
 * A call costs 0.7 µs, a microsecond with its errno; none is made for a datagram.
 */
import { dlopen, type Pointer, ptr, read } from "bun:ffi"
import type { InetPortAddress } from "@portico/core/port/index"
import * as BunSocketAddress from "./BunSocketAddress.ts"

/** The numbers below are Linux's; other platforms were not tried. */
export const isAvailable = (platform: NodeJS.Platform): boolean => platform === "linux"

const ipLevel = 0
const socketLevel = 1
const ip6Level = 41

type Option = readonly [level: number, name: number]
const receiveBuffer: Option = [socketLevel, 8]
const sendBuffer: Option = [socketLevel, 7]
const receiveErrors: Option = [ipLevel, 11]
const receiveErrors6: Option = [ip6Level, 25]
const multicastTtl: Option = [ipLevel, 33]
const multicastHops6: Option = [ip6Level, 18]

// Both glibc and musl answer to this file name.
const openLibrary = () =>
  dlopen("libc.so.6", {
    __errno_location: { args: [], returns: "ptr" },
    bind: { args: ["i32", "ptr", "u32"], returns: "i32" },
    connect: { args: ["i32", "ptr", "u32"], returns: "i32" },
    getsockopt: { args: ["i32", "i32", "i32", "ptr", "ptr"], returns: "i32" },
    if_nametoindex: { args: ["ptr"], returns: "u32" },
    setsockopt: { args: ["i32", "i32", "i32", "ptr", "u32"], returns: "i32" }
  }).symbols

/** Statuses are 0, or a negative errno. */
export class BunUdpCalls {
  private readonly library = openLibrary()

  private status(result: number): number {
    if (result === 0) return 0
    return -read.i32(this.library.__errno_location() as Pointer, 0)
  }

  private set(fd: number, [level, name]: Option, value: number): number {
    const bytes = new Int32Array([value])
    return this.status(this.library.setsockopt(fd, level, name, ptr(bytes), bytes.byteLength))
  }

  private get(fd: number, [level, name]: Option): number | undefined {
    const value = new Int32Array(1)
    const length = new Uint32Array([value.byteLength])
    const result = this.library.getsockopt(fd, level, name, ptr(value), ptr(length))
    return result === 0 ? value[0] : undefined
  }

  /** The index of the interface that an IPv6 literal's zone names; 0 without one. */
  private scope(host: string): number {
    const zone = host.split("%")[1] ?? ""
    if (/^\d*$/.test(zone)) return Number(zone)
    return this.library.if_nametoindex(ptr(Buffer.from(`${zone}\0`)))
  }

  /** Also for IPv4: a dual-stack socket sends by both. */
  ignoreErrors(fd: number, isInet6: boolean): number {
    const status = this.set(fd, receiveErrors, 0)
    return status === 0 && isInet6 ? this.set(fd, receiveErrors6, 0) : status
  }

  connect(fd: number, peer: InetPortAddress): number {
    const address = BunSocketAddress.make(peer, this.scope(peer.host))
    return this.status(this.library.connect(fd, ptr(address), address.length))
  }

  disconnect(fd: number): number {
    const address = BunSocketAddress.unspecified()
    return this.status(this.library.connect(fd, ptr(address), address.length))
  }

  bind(fd: number, local: InetPortAddress): number {
    const address = BunSocketAddress.make(local, this.scope(local.host))
    return this.status(this.library.bind(fd, ptr(address), address.length))
  }

  setMulticastTtl(fd: number, isInet6: boolean, hops: number): number {
    return this.set(fd, isInet6 ? multicastHops6 : multicastTtl, hops)
  }

  setReceiveBuffer(fd: number, bytes: number): number {
    return this.set(fd, receiveBuffer, bytes)
  }

  setSendBuffer(fd: number, bytes: number): number {
    return this.set(fd, sendBuffer, bytes)
  }

  /** Bytes; undefined once the descriptor is closed, which is -1 then. */
  receiveBuffer(fd: number): number | undefined {
    return this.get(fd, receiveBuffer)
  }

  sendBuffer(fd: number): number | undefined {
    return this.get(fd, sendBuffer)
  }
}
