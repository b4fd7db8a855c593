import { expect, it } from "vitest"
import * as IpAddress from "../../src/kernel/IpAddress.ts"

it("groups of IPv4 are those whose first number is 224 to 239", () => {
  const rests = ["0.0.1", "22.3.4", "224.0.1"]
  const groups = Array.from({ length: 256 }, (_, first) => first).filter((first) => {
    const answers = rests.map((rest) => IpAddress.isMulticast(IpAddress.parse(`${first}.${rest}`)!))
    expect(new Set(answers).size).toBe(1)
    return answers[0]
  })
  expect(groups).toStrictEqual(Array.from({ length: 16 }, (_, index) => 224 + index))
})

it("groups of IPv6 begin with ff", () => {
  const isGroup = (text: string) => IpAddress.isMulticast(IpAddress.parse(text)!)
  expect(["ff02::1", "fe80::1", "::1", "::ffff:224.0.0.1", "::ffff:10.0.0.1"].map(isGroup)).toEqual(
    [true, false, false, true, false]
  )
})
