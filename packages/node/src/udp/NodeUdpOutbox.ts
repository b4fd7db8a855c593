/**
 * The one datagram that is being sent: its memory, its request, and libuv's answer.
 *
 * libuv sends at once, or, when the kernel is full, goes on reading the bytes until it is not. So
 * that the bytes are the caller's again in either case, they are copied here first: 64 bytes in
 * 0.03 µs, 1,400 in 0.05, of the 6 that a send takes. Memory that libuv reads is left to it.
 */
import type { OutgoingDatagram } from "@portico/core/port/index"
import type { SendRequest, SendRequestClass, UdpHandle } from "./NodeUdpHandle.ts"

/** More than the longest datagram. */
const memoryBytes = 64 * 1024

/** Shared by all sockets: at most one datagram of each is with libuv, in memory given away. */
export class NodeUdpOutbox {
  private readonly requestClass: SendRequestClass
  private request: SendRequest
  private memory = new ArrayBuffer(memoryBytes)
  /** Its one element lies in `memory`; datagrams are often of one length, and it serves again. */
  private list: [Uint8Array]

  constructor(requestClass: SendRequestClass) {
    this.requestClass = requestClass
    this.request = new requestClass()
    this.list = [new Uint8Array(this.memory)]
  }

  /** libuv's status: see `UdpHandle.send`. When it is 0, `onDone` follows. */
  send(handle: UdpHandle, datagram: OutgoingDatagram, onDone: (status: number) => void): number {
    const { bytes, to } = datagram
    const { list, request } = this
    if (list[0].length !== bytes.length) list[0] = new Uint8Array(this.memory, 0, bytes.length)
    list[0].set(bytes)
    const status =
      to === undefined
        ? handle.send(request, list, 1, true)
        : handle.send(request, list, 1, to.port, to.host, true)
    if (status === 0) this.giveAway(onDone)
    return status
  }

  private giveAway(onDone: (status: number) => void): void {
    this.request.list = this.list
    this.request.oncomplete = onDone
    this.request = new this.requestClass()
    this.memory = new ArrayBuffer(memoryBytes)
    this.list = [new Uint8Array(this.memory)]
  }
}
