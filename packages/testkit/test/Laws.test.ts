/** The laws as data: ids, sentences, and that no behaviour of their groups is forgotten. */
import { NotYet, Suite } from "@portico/testkit"
import { expect, it } from "vitest"

/** What these facilities owe, by group and number: each is a law or said to be missing. */
const behaviours = {
  ACC: [1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 17, 18],
  CONN: [1, 2, 4, 5, 6, 8, 9],
  LOOP: [1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 17, 18, 20, 21, 22],
  REACT: [2, 3, 4, 6, 7, 8],
  SCOPE: [1, 3, 4, 5, 7, 8, 9],
  TCP: [
    1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14, 15, 17, 18, 19, 21, 22, 23, 25, 26, 27, 29, 30, 31, 33, 34,
    35, 37, 38, 39
  ],
  TIME: [1, 2, 3, 5, 6, 7, 9, 10, 11, 13, 14],
  UNIX: [1, 2, 3, 5, 6, 7, 9, 10]
}

const ids = Suite.all.map(({ id }) => id)

it("every id is used once", () => {
  expect(ids.length).toBe(new Set(ids).size)
})

it("every behaviour is a law or is listed as not yet, with a reason, and never both", () => {
  const owed = Object.entries(behaviours).flatMap(([group, numbers]) =>
    numbers.map((number) => `${group}-${String(number).padStart(2, "0")}`)
  )
  const missing = NotYet.notYet.map(({ id }) => id)
  expect(owed.filter((id) => !ids.includes(id))).toEqual(missing.toSorted(byPlaceIn(owed)))
  expect(missing.filter((id) => ids.includes(id))).toEqual([])
})

const byPlaceIn = (list: ReadonlyArray<string>) => (a: string, b: string) =>
  list.indexOf(a) - list.indexOf(b)

it("a sentence starts small or with a name, and has no full stop", () => {
  const wrong = Suite.all.filter(({ sentence }) => /\.$|\|/.test(sentence) || sentence.length > 90)
  expect(wrong.map(({ id }) => id)).toEqual([])
})

it("a law that is slow says why in a sentence", () => {
  const slow = Suite.all.filter(({ longerThan }) => longerThan !== undefined)
  // Threads are started, and a disk is waited for, in each law of such a group.
  const others = slow.map(({ id }) => id).filter((id) => !/^(?:FS|POOL|SYNC)-/.test(id))
  expect(others.toSorted()).toEqual([
    "ACC-30",
    "DNS-42",
    "POST-04",
    "PRO-30",
    "SCHED-03",
    "TAIL-06",
    "TLS-42",
    "TLS-50",
    "WATCH-20"
  ])
  expect(slow.every(({ longerThan }) => longerThan!.length > 10)).toBe(true)
})
