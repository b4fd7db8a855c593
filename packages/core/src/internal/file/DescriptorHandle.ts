/**
 * An open file or directory: which requests are on it, and that its descriptor is given back when
 * none of them is with the host. One that is used while another thread closes it may by then be
 * another file's.
 */
import * as Effect from "effect/Effect"
import type { HandleCounters, Wait } from "../../Handle.ts"
import { IoError } from "../../IoError.ts"
import type { FileDone } from "../../port/FilePort.ts"
import type { PortFailure } from "../../port/PortFailure.ts"
import { Reason } from "../../Reason.ts"
import type { Site } from "../../Site.ts"
import { HandleBase } from "../HandleBase.ts"
import { CloseCall, HandleCall } from "./HandleCall.ts"
import type { FileHost } from "./FileHost.ts"
import type { FileLane } from "./FileLane.ts"
import type { FileRequest } from "./FileRequest.ts"
import { RequestSet } from "./RequestSet.ts"

/** What ports of files and directories have in common. */
interface Descriptor {
  close(done: FileDone<void>): void
}

/** Too many requests wait. */
export const lineIsFull = Reason.ResourceExhausted({ resource: "file operations waiting" })

export abstract class DescriptorHandle extends HandleBase {
  abstract readonly port: Descriptor
  readonly host: FileHost
  readonly path: string
  bytesRead = 0
  bytesWritten = 0
  /** On it, in line or with the host. */
  protected readonly requests = new RequestSet()
  private readonly opened: Site

  constructor(host: FileHost, path: string, opened: Site) {
    super(host.table)
    this.host = host
    this.path = path
    this.opened = opened
  }

  override error(operation: string, reason: Reason, cause?: unknown): IoError {
    return new IoError({ operation, reason, path: this.path, cause })
  }

  failed(operation: string, { cause, reason }: PortFailure): IoError {
    return this.error(operation, reason, cause)
  }

  /** Why a request cannot be taken now. */
  protected refusal(operation: string): IoError | undefined {
    if (this.isClosing) return this.error(operation, Reason.Closed())
    return this.host.isFull ? this.error(operation, lineIsFull) : undefined
  }

  /** A request that moves no bytes. */
  call<A>(
    operation: string,
    call: (done: FileDone<A>) => void,
    lane: FileLane = this.host.short
  ): Effect.Effect<A, IoError> {
    return Effect.callback<A, IoError>((resume) => {
      const refusal = this.refusal(operation)
      if (refusal !== undefined) return resume(Effect.fail(refusal))
      const request = new HandleCall(this, lane, operation, call, resume)
      this.enter(request)
      return request
    })
  }

  protected enter(request: FileRequest): void {
    this.requests.add(request)
    request.lane.enter(request)
  }

  /** A request is over, or was taken back. */
  leave(request: FileRequest): void {
    if (!this.requests.delete(request)) return
    if (this.closing !== undefined) this.closeWhenIdle()
  }

  private closeWhenIdle(): void {
    if (this.requests.size === 0) this.host.short.enterFirst(new CloseCall(this))
  }

  get close(): Effect.Effect<void> {
    return Effect.uninterruptible(
      Effect.suspend(() => {
        this.closeUnsafe()
        return this.awaitClosed
      })
    )
  }

  /** Begins to close. */
  closeUnsafe(): void {
    if (this.beginClose()) this.giveBack()
  }

  // Those that the host has never seen fail; the others end by themselves.
  private giveBack(): void {
    const unseen = Array.from(this.requests).filter((request) => !request.hasBegun)
    if (unseen.length === 0) return this.closeWhenIdle()
    // The last first: one that leaves gives the cursor to the next, which would begin. Whoever is
    // told may interrupt the others, which have left then.
    for (const request of unseen.reverse()) {
      request.refuse(this.error(request.operation, Reason.Closed()))
    }
  }

  override get keepsAlive(): boolean {
    return this.requests.size > 0
  }

  get waits(): ReadonlyArray<Wait> {
    return Array.from(this.requests, ({ fiberId, operation }) => ({ fiberId, operation }))
  }

  get site(): string | undefined {
    return this.opened.text
  }

  protected get addressText(): string {
    return this.path
  }

  get label(): string {
    return `${this.kind} #${this.id} ${this.path}`
  }

  /** Nothing to tell: a descriptor keeps no host alive, and what the host does with it always. */
  protected setRefUnsafe(): void {}

  protected bytesQueued(): number {
    return 0
  }

  get counters(): HandleCounters {
    const { bytesRead, bytesWritten } = this
    return { bytesRead, bytesWritten, bytesQueued: this.bytesQueued(), connectionsAccepted: 0 }
  }
}
