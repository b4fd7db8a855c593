/** Where a connection leads: a host, by literal or by name, and a port. */
import * as Host from "effect/net/Host"
import * as Option from "effect/Option"
import * as Result from "effect/Result"

export interface Target {
  /** An IPv4 or IPv6 literal without brackets, or a name. */
  readonly host: string
  /** 1–65535. */
  readonly port: number
}

/** `127.0.0.1:80`, `[::1]:80`, `example.org:80`. */
export const format = ({ host, port }: Target): string =>
  `${host.includes(":") ? `[${host}]` : host}:${port}`

/** The same text read. */
export const parse = (text: string): Option.Option<Target> =>
  Option.map(
    Option.filter(Result.getSuccess(Host.hostPortFromString(text)), ({ port }) => port > 0),
    ({ host, port }) => ({ host: Host.formatHost(host), port })
  )
