/**
 * Everything a run leaves to chance, drawn from its seed.
 *
 * One stream per consumer, so that a draw more in the program does not move the network. The
 * numbers are part of every seed's meaning, and of every recorded decision: add streams at the end,
 * never in between. There may be sixteen. Of each, `below(count)` has to give 0 for the mildest
 * outcome.
 */
import { Draws } from "./Draws.ts"
import type { DecisionLog } from "./explore/DecisionLog.ts"
import { Prng } from "./Prng.ts"

/** The streams that are no field of `Choices`, because strategies decide, or the program does. */
export const scheduleKind = 0
export const preemptKind = 5
export const delayKind = 6
export const chooseKind = 7
const diskKind = 8
const linkKind = 9
const faultKind = 10
const nameKind = 11

export class Choices {
  /** Which ready task runs next. Strategies draw from it; what they decide is what is logged. */
  readonly schedule: Prng
  /** The first ephemeral port, and the listener of a shared port. */
  readonly network: Draws
  /** The program's own `Random`. No decisions: it would shrink to a program that draws zeros. */
  readonly program: Prng
  /** Which threads of lanes crash, and when. */
  readonly workers: Draws
  /** What TLS takes for chance. No decisions. */
  readonly tls: Prng
  /** What a program asks for by `Probe.choose` and `Probe.buggify`. */
  readonly choose: Draws
  /** How disks fail, what they lose with their power, and in which order they list names. */
  readonly disk: Draws
  /** What the network between hosts does to each packet. */
  readonly link: Draws
  /** Which faults there are, where, and when. */
  readonly fault: Draws
  private readonly seed: number
  private readonly log: DecisionLog | undefined
  private drawnNames: Draws | undefined

  constructor(seed: number, log?: DecisionLog) {
    this.seed = seed
    this.log = log
    this.schedule = new Prng(seed, scheduleKind)
    this.network = new Draws(seed, 1, log)
    this.program = new Prng(seed, 2)
    this.workers = new Draws(seed, 3, log)
    this.tls = new Prng(seed, 4)
    this.choose = new Draws(seed, chooseKind, log)
    this.disk = new Draws(seed, diskKind, log)
    this.link = new Draws(seed, linkKind, log)
    this.fault = new Draws(seed, faultKind, log)
  }

  /** What becomes of lookups. Made for the first one: few worlds have any. */
  get names(): Draws {
    return (this.drawnNames ??= new Draws(this.seed, nameKind, this.log))
  }
}
