/**
 * Where in the caller's code something was opened.
 *
 * Capturing keeps V8's or JSC's frames only; the text is made when somebody asks for it, once: it
 * is read from the whole stack, and every long step asks for those of its spans.
 */

/** Whether `place` is in Portico's core or in Effect. */
export const isInternal = (place: string): boolean =>
  /packages\/core\/(src|dist)\/|@portico\/core\/|\/effect\/(src|dist)\//.test(place)

const textOf = (stack: string): string | undefined => {
  for (const frame of stack.split("\n")) {
    const place = /\(?((?:file:\/\/|\/|[A-Z]:\\)[^()]*:\d+:\d+)\)?$/.exec(frame.trim())?.[1]
    if (place !== undefined && !isInternal(place)) return place
  }
  return undefined
}

export class Site {
  private error: Error | undefined = new Error("site")
  private known: string | undefined = undefined

  /**
   * `file:line:column` of the first frame outside Portico's core and Effect, if the stack has one.
   */
  get text(): string | undefined {
    if (this.error !== undefined) this.known = textOf(this.error.stack ?? "")
    this.error = undefined
    return this.known
  }
}
