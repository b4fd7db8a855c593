/** What cannot be read, and where: thrown by the readers, caught at the edge of this folder. */
export class Malformed {
  readonly problem: string
  /** Bytes from the beginning of what is read. */
  readonly offset: number

  constructor(problem: string, offset: number) {
    this.problem = problem
    this.offset = offset
  }

  get text(): string {
    return `${this.problem} at byte ${this.offset}`
  }
}

/** What `read` gives, or what is wrong with what it reads. All else that it throws is a bug. */
export const attempt = <A>(read: () => A): A | Malformed => {
  try {
    return read()
  } catch (thrown) {
    if (thrown instanceof Malformed) return thrown
    throw thrown
  }
}
