/** UTCTime and GeneralizedTime as certificates have them (RFC 5280 §4.1.2.5): seconds, in UTC. */
import { type Der, Tag } from "./Der.ts"

/** Milliseconds since 1970. */
export const read = (der: Der): number => {
  const isShort = der.tag === Tag.utcTime
  const inside = der.enter(isShort ? Tag.utcTime : Tag.generalizedTime)
  const { rest } = inside
  const yearDigits = isShort ? 2 : 4
  if (rest.length !== yearDigits + 11 || rest.at(-1) !== 0x5a) inside.fail("no time in UTC")
  const digits = Array.from(rest.subarray(0, -1), (byte) => byte - 0x30)
  if (digits.some((digit) => digit < 0 || digit > 9)) inside.fail("no digit")
  const number = (at: number, length = 2) =>
    digits.slice(at, at + length).reduce((sum, digit) => sum * 10 + digit, 0)
  const years = number(0, yearDigits)
  const year = !isShort ? years : years < 50 ? 2000 + years : 1900 + years
  const [month, day, hour, minute, second] = [0, 2, 4, 6, 8].map((at) => number(yearDigits + at))
  const isDate = month! >= 1 && month! <= 12 && day! >= 1 && day! <= daysIn(year, month!)
  if (!isDate || hour! > 23 || minute! > 59 || second! > 59) inside.fail("no such time")
  const seconds = ((daysSince1970(year, month!, day!) * 24 + hour!) * 60 + minute!) * 60 + second!
  return seconds * 1000
}

const monthDays = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

const isLeap = (year: number): boolean => year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)

const daysIn = (year: number, month: number): number =>
  month === 2 && isLeap(year) ? 29 : monthDays[month - 1]!

/** In the Gregorian calendar, also before it. */
const daysSince1970 = (year: number, month: number, day: number): number => {
  const past = year - 1
  const leapDays = Math.floor(past / 4) - Math.floor(past / 100) + Math.floor(past / 400)
  let days = past * 365 + leapDays - daysTo1970 + day - 1
  for (let before = 1; before < month; before++) days += daysIn(year, before)
  return days
}

/** From the first day of the year 1. */
const daysTo1970 = 719_162
