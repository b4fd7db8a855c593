/**
 * Who may use the relay: names and passwords, compared in a time that tells nothing about them.
 */
import * as Redacted from "effect/Redacted"
import type { NameAndPassword } from "./Request.ts"

/** RFC 1929: a name and a password have 1 to 255 bytes. */
export const bytesMax = 255

/** Users of one relay: each attempt is compared with all of them. */
export const usersMax = 1_024

/** Its length, then its bytes, then zeros: texts of all lengths are compared alike. */
const padded = (bytes: Uint8Array): Uint8Array => {
  const field = new Uint8Array(1 + bytesMax)
  field[0] = bytes.length
  field.set(bytes, 1)
  return field
}

/** 0 when they are the same. Looks at every byte, wherever the first difference is. */
const difference = (a: Uint8Array, b: Uint8Array): number => {
  let bits = 0
  for (let index = 0; index <= bytesMax; index += 1) bits |= a[index]! ^ b[index]!
  return bits
}

export interface User {
  readonly name: string
  readonly password: Redacted.Redacted<string>
}

const encoder = new TextEncoder()

const isField = (bytes: Uint8Array): boolean => bytes.length > 0 && bytes.length <= bytesMax

/** Of `name:password`; undefined when it is none. The password may hold colons. */
export const parseUser = (text: Redacted.Redacted<string>): User | undefined => {
  const [, name, password] = /^([^:]+):(.+)$/s.exec(Redacted.value(text)) ?? []
  if (name === undefined || password === undefined) return undefined
  const isSound = isField(encoder.encode(name)) && isField(encoder.encode(password))
  return isSound ? { name, password: Redacted.make(password) } : undefined
}

export class Credentials {
  private readonly users: ReadonlyArray<readonly [name: Uint8Array, password: Uint8Array]>

  constructor(users: ReadonlyArray<User>) {
    this.users = users.map(({ name, password }) => [
      padded(encoder.encode(name)),
      padded(encoder.encode(Redacted.value(password)))
    ])
  }

  /** Whether there is such a user with such a password. */
  accept({ name, password }: NameAndPassword): boolean {
    const askedName = padded(name)
    const askedPassword = padded(password)
    let found = 0
    for (const [itsName, itsPassword] of this.users) {
      const bits = difference(askedName, itsName) | difference(askedPassword, itsPassword)
      found |= Number(bits === 0)
    }
    return found === 1
  }
}
