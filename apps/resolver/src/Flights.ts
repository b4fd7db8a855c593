/**
 * Questions that are under way to the upstreams, each asked once however many wait for it, and how
 * many wait in all.
 */
import type { Transport } from "./Statistics.ts"
import type { Bytes } from "./wire/Octets.ts"
import type { QueryView } from "./wire/QueryView.ts"

/** A query that waits, and who is to be given the answer. */
export interface Passenger {
  readonly bytes: Bytes
  readonly transport: Transport
  readonly deliver: (answer: Bytes) => void
}

export interface Question {
  /** Name, type and class in lower case, as they are on the wire. */
  readonly bytes: Bytes
  readonly dnssecOk: boolean
  readonly checkingDisabled: boolean
}

export interface Flight {
  readonly question: Question
  readonly key: string
  readonly passengers: Array<Passenger>
}

export class Flights {
  private readonly queriesMax: number
  private readonly underWay = new Map<string, Flight>()
  private waiting = 0
  private boarded: Array<Flight> = []

  constructor(queriesMax: number) {
    this.queriesMax = queriesMax
  }

  /** Queries that wait for an answer. */
  get queries(): number {
    return this.waiting
  }

  /** Questions under way. */
  get questions(): number {
    return this.underWay.size
  }

  /** Lets a query wait: with others, or for a question that is then to be launched. */
  board(query: QueryView, passenger: Passenger): "Boarded" | "Joined" | "Full" {
    if (this.waiting >= this.queriesMax) return "Full"
    this.waiting++
    const bytes = query.question()
    const key = `${query.flags}${String.fromCharCode(...bytes)}`
    const known = this.underWay.get(key)
    if (known !== undefined) {
      known.passengers.push(passenger)
      return "Joined"
    }
    const { checkingDisabled, dnssecOk } = query
    const question = { bytes, dnssecOk, checkingDisabled }
    const flight = { question, key, passengers: [passenger] }
    this.underWay.set(key, flight)
    this.boarded.push(flight)
    return "Boarded"
  }

  get hasBoarded(): boolean {
    return this.boarded.length > 0
  }

  /** Those that nobody has taken to launch yet. */
  take(): ReadonlyArray<Flight> {
    const { boarded } = this
    this.boarded = []
    return boarded
  }

  /** Ends it; gives who waited. */
  land(flight: Flight): ReadonlyArray<Passenger> {
    this.underWay.delete(flight.key)
    this.waiting -= flight.passengers.length
    return flight.passengers
  }
}
