/** The records of TLS are the same however the ciphertext is cut. */
import { expect, it } from "vitest"
import { BunRecords } from "../../src/tls/BunRecords.ts"

/** Type and length; one is empty. */
const records: ReadonlyArray<readonly [type: number, bytes: number]> = [
  [22, 300],
  [20, 1],
  [23, 86],
  [23, 19],
  [21, 2],
  [23, 0],
  [23, 19],
  [23, 16_401],
  [23, 20]
]

const bytesOf = ([type, bytes]: readonly [number, number]): ReadonlyArray<number> => [
  type,
  3,
  3,
  bytes >> 8,
  bytes & 255,
  ...Array.from({ length: bytes }, (_, index) => (index * 7) & 255)
]

/** What each push that ended a record said. */
const told = (pushes: ReadonlyArray<ReadonlyArray<number>>) => {
  const followed = new BunRecords()
  return pushes.flatMap((bytes) => {
    followed.push(Uint8Array.from(bytes))
    const { capacity, ended, mayBeAlert } = followed
    return ended === 0 ? [] : [{ capacity, ended, mayBeAlert }]
  })
}

it("tells of records that come whole what it tells of those that come byte by byte", () => {
  const whole = told(records.map(bytesOf))
  const bytewise = told(records.flatMap(bytesOf).map((byte) => [byte]))
  expect(whole).toStrictEqual(bytewise)
  expect(whole.map(({ mayBeAlert }) => mayBeAlert)).toStrictEqual([
    false,
    false,
    false,
    true,
    true,
    true,
    false,
    false
  ])
})

it("finds a record that may be an alert behind another, and one that began before", () => {
  const [message, alert] = [bytesOf([23, 86]), bytesOf([23, 19])]
  expect(told([[...message, ...alert]])).toStrictEqual([
    { capacity: 2, ended: 2, mayBeAlert: true }
  ])
  // The rest of the first is as long as a record that its first five bytes would announce.
  const rest = [23, 3, 3, 0, 19, ...Array.from({ length: 19 }, () => 0)]
  const cut = bytesOf([23, 86]).slice(0, 5 + 86 - rest.length)
  expect(told([cut, rest])).toStrictEqual([{ capacity: 69, ended: 1, mayBeAlert: false }])
})
