/**
 * Everything a run leaves to chance, drawn from its seed.
 *
 * One stream per consumer, so that a draw more in the program does not move the network. The
 * numbers are part of every seed's meaning: add streams at the end, never in between.
 */
import { Prng } from "./Prng.ts"

export class Choices {
  /** Which ready task runs next. */
  readonly schedule: Prng
  /** The first ephemeral port, and the listener of a shared port. */
  readonly network: Prng
  /** The program's own `Random`. */
  readonly program: Prng
  /** Which threads of lanes crash, and when. */
  readonly workers: Prng
  /** What TLS takes for chance. */
  readonly tls: Prng

  constructor(seed: number) {
    this.schedule = new Prng(seed, 0)
    this.network = new Prng(seed, 1)
    this.program = new Prng(seed, 2)
    this.workers = new Prng(seed, 3)
    this.tls = new Prng(seed, 4)
  }
}
