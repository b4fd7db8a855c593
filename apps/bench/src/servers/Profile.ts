/** Where the main thread of this process spends its time, by whose function it is in. */
import { type Profiler, Session } from "node:inspector"

export type Owner = "portico" | "effect" | "program" | "host" | "collector"

/**
 * Microseconds. A function's time includes the native code that it calls, and the kernel's below.
 * `busy` is all that was sampled and not idle, owned or not; Bun samples only below JavaScript.
 */
export type Profile = { readonly [owner in Owner | "busy"]: number }

/** Shorter would cost more than it tells. */
const intervalMicros = 250

const owners: ReadonlyArray<readonly [Owner, RegExp]> = [
  ["effect", /\/node_modules\/(?:@effect\/|effect\/)/],
  ["portico", /\/packages\/(?:core|node|bun|sim)\//],
  ["program", /^file:|^\//],
  ["host", /^(?:node|bun|internal|builtin):/]
]

const ownerOf = ({ callFrame }: Profiler.ProfileNode): Owner | undefined =>
  callFrame.functionName === "(garbage collector)"
    ? "collector"
    : owners.find(([, pattern]) => pattern.test(callFrame.url))?.[0]

/** Starting takes V8 a tenth of a second: it names all the code that there is. */
const isOwn = ({ callFrame }: Profiler.ProfileNode): boolean =>
  callFrame.url.startsWith("node:inspector")

export const summarise = ({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Profile => {
  const ownerById = new Map(nodes.map((node) => [node.id, ownerOf(node)]))
  const isIdle = (node: Profiler.ProfileNode) => node.callFrame.functionName === "(idle)"
  const uncounted = new Set(nodes.filter((it) => isIdle(it) || isOwn(it)).map(({ id }) => id))
  const micros = { portico: 0, effect: 0, program: 0, host: 0, collector: 0, busy: 0 }
  for (const [index, id] of samples.entries()) {
    const owner = ownerById.get(id)
    // A delta is the time before its sample.
    const delta = timeDeltas[index] ?? 0
    if (uncounted.has(id)) continue
    if (owner !== undefined) micros[owner] += delta
    micros.busy += delta
  }
  return micros
}

let session: Session | undefined

export const startProfile = (): void => {
  session = new Session()
  session.connect()
  session.post("Profiler.enable")
  session.post("Profiler.setSamplingInterval", { interval: intervalMicros })
  session.post("Profiler.start")
}

export const stopProfile = (): Promise<Profile> =>
  new Promise((resolve, reject) => {
    session?.post("Profiler.stop", (error, answer) => {
      session?.disconnect()
      if (error === null) resolve(summarise(answer.profile))
      else reject(error)
    })
  })
