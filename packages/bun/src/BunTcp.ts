/** The `TcpPort` over Bun's sockets. */
import { lstatSync, unlinkSync } from "node:fs"
import {
  PortFailure,
  type Attempt,
  type ListenEvents,
  type TcpPort,
  type TurnPort
} from "@portico/core/port/index"
import { Reason } from "@portico/core/Reason"
import { BunConnect } from "./BunConnect.ts"
import { failureOf, isNotFound } from "./BunErrno.ts"
import { type BunListener, listen } from "./BunListener.ts"

export const make = (turn: TurnPort, platform: NodeJS.Platform): TcpPort => ({
  // sun_path less the closing NUL that Bun wants to add.
  unixPathBytesMax: platform === "linux" ? 107 : 103,
  connect: (request, events) => new BunConnect(turn, request, events),
  listen: (request, events) => new Listening(turn, listen(turn, request), events),
  unlink
})

/** `Bun.listen` answers at once; the answer is handed on in a later callback. */
class Listening implements Attempt {
  private outcome: BunListener | PortFailure | undefined

  constructor(turn: TurnPort, outcome: BunListener | PortFailure, events: ListenEvents) {
    this.outcome = outcome
    turn.later(() => {
      const outcome = this.outcome
      if (outcome === undefined) return
      this.outcome = undefined
      turn.enter()
      if (outcome instanceof PortFailure) events.onFailed(outcome)
      else events.onListening(outcome)
      turn.leave()
    })
  }

  cancel(): void {
    const outcome = this.outcome
    this.outcome = undefined
    if (outcome !== undefined && !(outcome instanceof PortFailure)) outcome.close()
  }
}

// A connect to a plain file is refused like one to a dead socket, so that is no licence to remove.
const unlink = (path: string): void | PortFailure => {
  try {
    if (!lstatSync(path).isSocket()) return new PortFailure(Reason.NotASocket())
    unlinkSync(path)
  } catch (error) {
    const failure = failureOf(error)
    if (!isNotFound(failure)) return failure
  }
}
