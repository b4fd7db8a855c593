/** Kinds of options of `relay`'s own: targets, networks, users, secrets. */
import * as Flag from "effect/cli/Flag"
import * as IpNetwork from "effect/net/IpNetwork"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import { parseUser, type User } from "./socks/Credentials.ts"
import * as Target from "./Target.ts"

export const target = (name: string) =>
  Flag.String(name).pipe(
    Flag.filterMap(Target.parse, () => "a host and a port, such as example.org:443 or [::1]:443"),
    Flag.withMetavar("host:port")
  )

/** An address is a network of its own. */
const withPrefix = (text: string): string =>
  text.includes("/") ? text : `${text}/${text.includes(":") ? 128 : 32}`

/** An address or a network in CIDR notation. */
export const network = (name: string) =>
  Flag.String(name).pipe(
    Flag.filterMap(
      (text) => Result.getSuccess(IpNetwork.fromString(withPrefix(text))),
      () => "an address or a network, such as 10.0.0.0/8 or fd00::/8"
    ),
    Flag.withMetavar("network")
  )

const userShape = "name:password, 1 to 255 bytes each"

export const user = (name: string) =>
  Flag.Redacted(name).pipe(
    Flag.filterMap(
      (text) => Option.fromNullishOr(parseUser(text)),
      () => userShape
    ),
    Flag.withMetavar("name:password")
  )

/** Of every line; an empty one stands for nobody. */
const parseUsers = (
  text: Redacted.Redacted<string>
): Result.Result<ReadonlyArray<User>, number> => {
  const users: Array<User> = []
  for (const [index, line] of Redacted.value(text).split(/\r?\n/).entries()) {
    const user = parseUser(Redacted.make(line))
    if (user !== undefined) users.push(user)
    else if (line !== "") return Result.fail(index + 1)
  }
  return Result.succeed(users)
}

export const usersFile = (name: string) =>
  Flag.FileText(name).pipe(
    // A value that is refused is shown, and must not be everybody's password.
    Flag.map(Redacted.make),
    Flag.filterMap(
      (text) => Result.getSuccess(parseUsers(text)),
      (text) => {
        const line = Result.merge(Result.map(parseUsers(text), () => 0))
        return `a file with one ${userShape}, a line: line ${line} is none`
      }
    ),
    Flag.withMetavar("file")
  )

/** The text of a file that is shown to nobody. */
export const secretFile = (name: string) =>
  Flag.FileText(name).pipe(Flag.map(Redacted.make), Flag.withMetavar("file"))
