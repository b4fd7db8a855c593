/**
 * Who held the thread: a step that ran longer than the threshold, while nothing else could.
 *
 * A step is what runs between two looks at the clock: one fiber in one span, as long as there are
 * not too many of them in a millisecond. In busier moments several fibers, or up to sixteen
 * callbacks of the host, share a step; then those that ran are named, by the spans that they are
 * in when it ends, and no one is called guilty. What held the thread may then also be a callback
 * between theirs in which no fiber ran.
 */
export interface Suspect {
  readonly fiberId: number
  /** The name of its innermost span or `Effect.fn`, if it runs in one. */
  readonly span: string | undefined
  /**
   * `at name (file:line:column)`, innermost first: where the spans and `Effect.fn`s around it were
   * opened, as Effect's stack frames have it. Empty without any.
   */
  readonly frames: ReadonlyArray<string>
}

export interface Blame {
  /** How long the thread was held, in milliseconds. */
  readonly millis: number
  /** When the step ended, on the loop's own clock. */
  readonly atMillis: number
  /** One, in most cases. Of more than 16, those that ran last. */
  readonly suspects: ReadonlyArray<Suspect>
  /** The suspects' spans and frames: blames of one site are reported once. */
  readonly site: string
}
