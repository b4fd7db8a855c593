/** What expires, the first first: a binary heap whose members know their places in it. */

export interface Expiring {
  /** Milliseconds since 1970; Infinity: never. */
  expiresAt: number
  /** Its place here; -1 outside. */
  heapPlace: number
}

export class ExpiryHeap<A extends Expiring> {
  private readonly items: Array<A> = []

  get size(): number {
    return this.items.length
  }

  get first(): A | undefined {
    return this.items[0]
  }

  /** To be called whenever `expiresAt` was set. */
  update(item: A): void {
    if (item.expiresAt === Infinity) return this.remove(item)
    if (item.heapPlace < 0) {
      item.heapPlace = this.items.length
      this.items.push(item)
    }
    this.settle(item)
  }

  remove(item: A): void {
    const place = item.heapPlace
    if (place < 0) return
    item.heapPlace = -1
    const last = this.items.pop()!
    if (last === item) return
    this.put(last, place)
    this.settle(last)
  }

  private put(item: A, place: number): void {
    this.items[place] = item
    item.heapPlace = place
  }

  private settle(item: A): void {
    const { items } = this
    let place = item.heapPlace
    while (place > 0) {
      const parent = items[(place - 1) >> 1]!
      if (parent.expiresAt <= item.expiresAt) break
      this.put(parent, place)
      place = (place - 1) >> 1
    }
    for (;;) {
      let child = 2 * place + 1
      if (child >= items.length) break
      const right = items[child + 1]
      if (right !== undefined && right.expiresAt < items[child]!.expiresAt) child++
      if (items[child]!.expiresAt >= item.expiresAt) break
      this.put(items[child]!, place)
      place = child
    }
    this.put(item, place)
  }
}
