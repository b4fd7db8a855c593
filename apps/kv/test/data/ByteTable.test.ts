import { describe, expect, it } from "vitest"
import { ByteTable, Node } from "../../src/data/ByteTable.ts"
import { bytesOf } from "../../src/resp/Ascii.ts"
import { SeededDraws } from "../../../../packages/core/test/SeededDraws.ts"

const keyOf = (index: number) => bytesOf(`key:${index}`)

describe("a table of bytes", () => {
  it("finds what was added and not removed, as a Map does", () => {
    const draws = new SeededDraws(1)
    const table = new ByteTable<Node>({ seed: 7 })
    const model = new Map<number, Node>()
    const wrong: Array<number> = []
    for (let step = 0; step < 20_000; step++) {
      // It grows first, and shrinks at last.
      const isAdding = draws.below(20_000) > step
      const index = draws.below(1_000)
      const node = model.get(index)
      if (table.find(keyOf(index)) !== node) wrong.push(step)
      if (isAdding && node === undefined) {
        const added = new Node(keyOf(index))
        table.add(added)
        model.set(index, added)
      } else if (!isAdding && node !== undefined) {
        table.remove(node)
        model.delete(index)
      }
      if (table.size !== model.size) wrong.push(step)
    }
    expect(wrong).toStrictEqual([])
    for (const node of model.values()) expect(table.nodes[node.slot]).toBe(node)
  })

  it("shows all that stay while others come and go", () => {
    for (let seed = 1; seed <= 20; seed++) {
      const draws = new SeededDraws(seed)
      const table = new ByteTable<Node>({ seed })
      const staying = Array.from({ length: 200 }, (_, index) => new Node(keyOf(index)))
      const others: Array<Node> = []
      for (const node of staying) table.add(node)
      let added = 1_000
      const seen = new Set<Node>()
      let cursor = 0
      do {
        cursor = table.scan(cursor, 1 + draws.below(10), (node) => seen.add(node))
        for (let count = draws.below(20); count > 0; count--) {
          if (draws.below(2) === 0 || others.length === 0) {
            const node = new Node(keyOf(added++))
            table.add(node)
            others.push(node)
          } else table.remove(others.splice(draws.below(others.length), 1)[0]!)
        }
      } while (cursor !== 0)
      expect(staying.filter((node) => !seen.has(node))).toStrictEqual([])
    }
  })
})
