/**
 * Who may use the relay: names and passwords, compared in a time that tells nothing about them.
 */
import * as Redacted from "effect/Redacted"
import type { NameAndPassword } from "./Request.ts"
/** RFC 1929: a name and a password have 1 to 255 bytes. */
export declare const bytesMax = 255
/** Users of one relay: each attempt is compared with all of them. */
export declare const usersMax = 1024
export interface User {
  readonly name: string
  readonly password: Redacted.Redacted<string>
}
/** Of `name:password`; undefined when it is none. The password may hold colons. */
export declare const parseUser: (text: Redacted.Redacted<string>) => User | undefined
export declare class Credentials {
  private readonly users
  constructor(users: ReadonlyArray<User>)
  /** Whether there is such a user with such a password. */
  accept({ name, password }: NameAndPassword): boolean
}
//# sourceMappingURL=Credentials.d.ts.map
