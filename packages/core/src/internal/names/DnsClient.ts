/** Questions to several name servers, with tries, and a bound on how many are asked at once. */
import * as Effect from "effect/Effect"
import type * as Dns from "effect/net/Dns"
import { IoError } from "../../IoError.ts"
import { Reason } from "../../Reason.ts"
import { exchange } from "./dnsExchange.ts"
import type { HandleTable } from "../HandleTable.ts"
import * as NameServer from "./NameServer.ts"
import { type Found, type Nothing, readAnswer } from "./readAnswer.ts"
import type { ResolverSettings } from "./ResolverArguments.ts"
import { Turnstile } from "../Turnstile.ts"

export interface Query {
  readonly operation: string
  /** Absolute, with its last dot. */
  readonly name: string
  readonly type: Dns.RecordType
}

/** RFC 4501. */
export const addressOf = (name: string, type?: Dns.RecordType): string => {
  const relative = name.length > 1 && name.endsWith(".") ? name.slice(0, -1) : name
  return type === undefined ? `dns:${relative}` : `dns:${relative}?type=${type}`
}

export class DnsClient {
  private readonly table: HandleTable
  private readonly settings: ResolverSettings
  private readonly turnstile: Turnstile

  constructor(table: HandleTable, settings: ResolverSettings) {
    this.table = table
    this.settings = settings
    this.turnstile = new Turnstile(table, "DNS queries under way", settings.queriesMax)
  }

  /** What the first server says that knows. */
  ask(query: Query): Effect.Effect<Found | Nothing, IoError> {
    const { name, operation, type } = query
    return this.turnstile.within({ operation, address: addressOf(name, type) }, () =>
      this.askAll(query, this.servers())
    )
  }

  private servers(): ReadonlyArray<NameServer.NameServer> {
    if (this.settings.servers !== undefined) return this.settings.servers
    const given = this.table.ports.resolver
      .servers()
      .flatMap((text) => NameServer.parse(text) ?? [])
    return given.length === 0 ? [NameServer.local] : given
  }

  private askAll(
    query: Query,
    servers: ReadonlyArray<NameServer.NameServer>
  ): Effect.Effect<Found | Nothing, IoError> {
    const { settings, table } = this
    const rounds = Array.from({ length: settings.tries }, () => servers).flat()
    const asking = { ...query, table, timeoutMillis: settings.timeoutMillis }
    return Effect.gen(function* () {
      const failures: Array<IoError> = []
      for (const server of rounds) {
        const exit = yield* Effect.result(exchange({ ...asking, server }))
        if (exit._tag === "Failure") {
          // The backend is shut down: there is nobody left to ask.
          if (table.isShutDown) return yield* exit.failure
          failures.push(exit.failure)
          continue
        }
        const answer = readAnswer(exit.success, query.name, query.type)
        if (answer._tag !== "NoHelp") return answer
        const address = `udp://${server.host}:${server.port}`
        failures.push(new IoError({ operation: query.operation, reason: answer.reason, address }))
      }
      return yield* allFailed(query, failures)
    })
  }
}

const allFailed = ({ name, operation, type }: Query, failures: ReadonlyArray<IoError>): IoError =>
  new IoError({
    operation,
    reason: failures.at(-1)?.reason ?? Reason.TimedOut(),
    address: addressOf(name, type),
    cause: new AggregateError(failures, `No name server answered for ${name}`)
  })
