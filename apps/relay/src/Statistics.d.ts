/**
 * What a relay has carried since it began, and how its connections ended.
 */
import type { End } from "./SessionError.ts"
import type { Carried } from "./Splice.ts"
/** One connection, from its acceptance. */
export interface Connection extends Carried {
  client: string
  /** What is known of it, for the log: where it leads, and for whom. */
  target: string | undefined
  user: string | undefined
}
export declare class Statistics {
  private readonly open
  private readonly ended
  private accepted
  private up
  private down
  begin(client: string): Connection
  end(connection: Connection, end: End): void
  /** `accepted=5 open=1 bytes_up=10 bytes_down=2000 finished=3 lost=1 silent=0 …` */
  get text(): string
}
//# sourceMappingURL=Statistics.d.ts.map
