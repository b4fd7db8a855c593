/** A sequence that grows and shrinks at both ends in constant time: a ring in an array. */

const firstCapacity = 4

export class Deque<A> {
  length = 0
  private items: Array<A | undefined> = Array.from({ length: firstCapacity })
  private head = 0

  /** `index` is within the bounds. */
  at(index: number): A {
    return this.items[(this.head + index) & (this.items.length - 1)]!
  }

  set(index: number, item: A): void {
    this.items[(this.head + index) & (this.items.length - 1)] = item
  }

  push(item: A): void {
    if (this.length === this.items.length) this.resize(2 * this.length)
    this.items[(this.head + this.length++) & (this.items.length - 1)] = item
  }

  unshift(item: A): void {
    if (this.length === this.items.length) this.resize(2 * this.length)
    this.head = (this.head - 1) & (this.items.length - 1)
    this.items[this.head] = item
    this.length++
  }

  /** There is one. */
  pop(): A {
    const place = (this.head + --this.length) & (this.items.length - 1)
    const item = this.items[place]!
    this.items[place] = undefined
    this.fit()
    return item
  }

  /** There is one. */
  shift(): A {
    const item = this.items[this.head]!
    this.items[this.head] = undefined
    this.head = (this.head + 1) & (this.items.length - 1)
    this.length--
    this.fit()
    return item
  }

  /** Puts `items` in the place of all. Linear. */
  replace(items: ReadonlyArray<A>): void {
    let capacity = firstCapacity
    while (capacity < items.length) capacity *= 2
    this.items = Array.from({ length: capacity }, (_, index) => items[index])
    this.head = 0
    this.length = items.length
  }

  toArray(): Array<A> {
    return Array.from({ length: this.length }, (_, index) => this.at(index))
  }

  private fit(): void {
    const capacity = this.items.length
    if (capacity > firstCapacity && 4 * this.length <= capacity) this.resize(capacity / 2)
  }

  private resize(capacity: number): void {
    const { items, head } = this
    const mask = items.length - 1
    this.items = Array.from({ length: capacity }, (_, index) =>
      index < this.length ? items[(head + index) & mask] : undefined
    )
    this.head = 0
  }
}
