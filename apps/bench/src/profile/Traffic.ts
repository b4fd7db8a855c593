/** What a profiled server is, and what loads it. */
import type { Contestant } from "../Contestant.ts"
import { type Generator, warmSeconds } from "../Flow.ts"
import type { KvOptions } from "../kv/KvOptions.ts"
import type { Shape } from "../load/Exchange.ts"
import type { FlowOptions } from "../load/FlowOutcome.ts"
import { inFlight } from "../resolver/Names.ts"

export interface Traffic {
  /** Started before the server, which is told its port. */
  readonly upstream?: URL
  readonly serverOf: (contestant: Contestant) => URL
  /** A generator that is told these options, and goes as often as it is told. */
  readonly generator: URL
  readonly options: (port: number, seconds: number) => FlowOptions | KvOptions
}

const fileOf = ({ program }: Contestant): string => program.pathname.split("/").at(-1)!

interface Echoed {
  readonly generator: Generator
  /** Under `servers/`, where every contestant's server has the same name in each folder. */
  readonly folder: "" | "udp/" | "tls/"
  readonly clients: number
  readonly shape: Shape
}

export const echoed = ({ clients, folder, generator, shape }: Echoed): Traffic => {
  const isTls = folder === "tls/"
  return {
    serverOf: (contestant) => new URL(`../servers/${folder}${fileOf(contestant)}`, import.meta.url),
    generator: new URL(`../load/${generator}`, import.meta.url),
    options: (port, seconds) => ({ port, clients, shape, isTls, warmSeconds, seconds })
  }
}

/** SET, by the generator that is always there. */
export const asked: Traffic = {
  serverOf: (contestant) => new URL(`../kv/servers/${fileOf(contestant)}`, import.meta.url),
  generator: new URL("../kv/requests.ts", import.meta.url),
  options: (port, seconds) => ({ port, operation: "set", warmSeconds, seconds })
}

/** Questions whose answers are in the cache. */
export const resolved: Traffic = {
  upstream: new URL("../resolver/upstream.ts", import.meta.url),
  serverOf: (contestant) => new URL(`../resolver/servers/${fileOf(contestant)}`, import.meta.url),
  generator: new URL("../resolver/queries.ts", import.meta.url),
  options: (port, seconds) => {
    const shape = { messageBytes: 0, inFlight }
    return { port, clients: 10, shape, warmSeconds, seconds }
  }
}
