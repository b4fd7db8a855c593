/** The `TcpPort` over Bun's sockets. */
import {
  type Attempt,
  type ListenEvents,
  PortFailure,
  raise,
  type TcpPort,
  type TurnPort
} from "@portico/core/port/index"
import { pathBytesMax, unlink } from "@portico/node/tcp/NodeSocketFile"
import { BunConnect } from "./BunConnect.ts"
import { type BunListener, listen } from "./BunListener.ts"

export const make = (turn: TurnPort, platform: NodeJS.Platform): TcpPort => ({
  unixPathBytesMax: pathBytesMax(platform),
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
      raise(turn, () => {
        if (outcome instanceof PortFailure) events.onFailed(outcome)
        else events.onListening(outcome)
      })
    })
  }

  cancel(): void {
    const outcome = this.outcome
    this.outcome = undefined
    if (outcome !== undefined && !(outcome instanceof PortFailure)) outcome.close()
  }
}
