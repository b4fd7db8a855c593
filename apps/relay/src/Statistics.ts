/**
 * What a relay has carried since it began, and how its connections ended.
 */
import type { End } from "./SessionError.ts"
import type { Carried } from "./Splice.ts"

const ends: ReadonlyArray<End> = [
  "finished",
  "lost",
  "silent",
  "unreachable",
  "refused",
  "stopped",
  "failed"
]

/** One connection, from its acceptance. */
export interface Connection extends Carried {
  client: string
  /** What is known of it, for the log: where it leads, and for whom. */
  target: string | undefined
  user: string | undefined
}

export class Statistics {
  private readonly open = new Set<Connection>()
  private readonly ended = new Map<End, number>(ends.map((end) => [end, 0]))
  private accepted = 0
  // Of connections that have ended.
  private up = 0
  private down = 0

  begin(client: string): Connection {
    const connection = { client, target: undefined, user: undefined, up: 0, down: 0 }
    this.accepted += 1
    this.open.add(connection)
    return connection
  }

  end(connection: Connection, end: End): void {
    if (!this.open.delete(connection)) return
    this.ended.set(end, this.ended.get(end)! + 1)
    this.up += connection.up
    this.down += connection.down
  }

  /** `accepted=5 open=1 bytes_up=10 bytes_down=2000 finished=3 lost=1 silent=0 …` */
  get text(): string {
    let { down, up } = this
    for (const connection of this.open) {
      up += connection.up
      down += connection.down
    }
    const counts = Array.from(this.ended, ([end, count]) => `${end}=${count}`)
    return [
      `accepted=${this.accepted}`,
      `open=${this.open.size}`,
      `bytes_up=${up}`,
      `bytes_down=${down}`,
      ...counts
    ].join(" ")
  }
}
