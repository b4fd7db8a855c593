/**
 * Where in the caller's code something was opened.
 *
 * Capturing keeps V8's or JSC's frames only; the text is made when somebody asks for it.
 */

/** Whether `place` is in Portico's core or in Effect. */
export const isInternal = (place: string): boolean =>
  /packages\/core\/(src|dist)\/|@portico\/core\/|\/effect\/(src|dist)\//.test(place)

export class Site {
  private readonly error: Error

  constructor() {
    this.error = new Error("site")
  }

  /**
   * `file:line:column` of the first frame outside Portico's core and Effect, if the stack has one.
   */
  get text(): string | undefined {
    const frames = (this.error.stack ?? "").split("\n")
    for (const frame of frames) {
      const place = /\(?((?:file:\/\/|\/|[A-Z]:\\)[^()]*:\d+:\d+)\)?$/.exec(frame.trim())?.[1]
      if (place !== undefined && !isInternal(place)) return place
    }
    return undefined
  }
}
