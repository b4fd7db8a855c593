/** One call on an open file or directory that moves no bytes. */
import * as Effect from "effect/Effect"
import type { FileDone } from "../../port/FilePort.ts"
import { PortFailure } from "../../port/PortFailure.ts"
import type { DescriptorHandle } from "./DescriptorHandle.ts"
import type { FileLane } from "./FileLane.ts"
import { FileRequest, type Resume } from "./FileRequest.ts"

export class HandleCall<A> extends FileRequest {
  private readonly handle: DescriptorHandle
  private readonly call: (done: FileDone<A>) => void

  constructor(
    handle: DescriptorHandle,
    lane: FileLane,
    operation: string,
    call: (done: FileDone<A>) => void,
    resume: Resume<A>
  ) {
    super(lane, operation, resume)
    this.handle = handle
    this.call = call
  }

  begin(): void {
    this.hasBegun = true
    this.call((result) => {
      const { handle } = this
      this.lane.leave(this)
      handle.leave(this)
      this.end(
        result instanceof PortFailure
          ? Effect.fail(handle.failed(this.operation, result))
          : Effect.succeed(result)
      )
    })
  }

  protected override onLeft(): void {
    this.handle.leave(this)
  }
}

/** Gives the descriptor back; there is nobody to tell but the handle. */
export class CloseCall extends FileRequest {
  private readonly handle: DescriptorHandle

  constructor(handle: DescriptorHandle) {
    super(handle.host.short, "close", undefined)
    this.handle = handle
  }

  begin(): void {
    this.hasBegun = true
    this.handle.port.close(() => {
      this.lane.leave(this)
      this.handle.table.reportClosed(this.handle)
    })
  }
}
