/** One call on a path, as the loop lists it. */
import * as Effect from "effect/Effect"
import { IoError } from "../../IoError.ts"
import type { FileDone, FilePort } from "../../port/FilePort.ts"
import { PortFailure } from "../../port/PortFailure.ts"
import { Reason } from "../../Reason.ts"
import type { OpeningAttempt } from "../HandleTable.ts"
import { lineIsFull } from "./DescriptorHandle.ts"
import type { FileHost } from "./FileHost.ts"
import { FileRequest, type Resume } from "./FileRequest.ts"

export interface PathAsk<P, A> {
  readonly operation: string
  readonly path: string
  readonly ask: (port: FilePort, done: FileDone<P>) => void
  /** What the caller gets of it; called in the callback that delivered it. */
  readonly adopt: (value: P) => A
  /** Undoes what came when nobody waited for it any more. */
  readonly discard?: (value: P) => void
  /** May hold a thread for long. */
  readonly isLong?: boolean
  /** Gives back what a scope has: goes before others, is never refused, and is waited for. */
  readonly isRelease?: boolean
}

export class PathCall<P, A> extends FileRequest implements OpeningAttempt {
  readonly address: string
  private readonly host: FileHost
  private readonly asked: PathAsk<P, A>

  constructor(host: FileHost, asked: PathAsk<P, A>, resume: Resume<A>) {
    super(asked.isLong === true ? host.long : host.short, asked.operation, resume)
    this.address = asked.path
    this.host = host
    this.asked = asked
    host.table.attempts.add(this)
  }

  begin(): void {
    this.hasBegun = true
    this.asked.ask(this.host.port, (result) => this.onDone(result))
  }

  private onDone(result: P | PortFailure): void {
    const { adopt, discard, operation, path } = this.asked
    this.lane.leave(this)
    this.host.table.attempts.delete(this)
    if (result instanceof PortFailure) {
      const { cause, reason } = result
      this.end(Effect.fail(new IoError({ operation, reason, path, cause })))
    } else if (this.isAbandoned) discard?.(result)
    else this.end(Effect.succeed(adopt(result)))
  }

  protected override onLeft(): void {
    this.host.table.attempts.delete(this)
  }

  // The backend shuts down. What has begun goes on in the host, and nobody waits for it.
  readonly abort = (): void => {
    const { operation, path } = this.asked
    const error = new IoError({ operation, reason: Reason.Closed(), path })
    if (this.line === this.lane.running) this.end(Effect.fail(error))
    else this.refuse(error)
    this.host.table.attempts.delete(this)
  }
}

export const pathCall = <P, A>(host: FileHost, asked: PathAsk<P, A>): Effect.Effect<A, IoError> =>
  Effect.callback<A, IoError>((resume) => {
    const { operation, path } = asked
    const fail = (reason: Reason) => resume(Effect.fail(new IoError({ operation, reason, path })))
    if (asked.isRelease === true) {
      const call = new PathCall(host, asked, resume)
      call.lane.enterFirst(call)
      return call
    }
    if (host.table.isShutDown) return fail(Reason.Closed())
    if (host.isFull) return fail(lineIsFull)
    const call = new PathCall(host, asked, resume)
    call.lane.enter(call)
    return call
  })
