/** Name servers as programs and systems write them. */
import * as IpLiteral from "../IpLiteral.ts"

export interface NameServer {
  readonly family: 4 | 6
  /** As `IpLiteral` writes it. */
  readonly host: string
  readonly port: number
}

const withPort = /^(?:\[(?<v6>[^\]]+)\]|(?<v4>[\d.]+))(?::(?<port>\d{1,5}))?$/

/** `192.0.2.53`, `192.0.2.53:5353`, `2001:db8::53`, `[2001:db8::53]:53`; undefined for others. */
export const parse = (text: string): NameServer | undefined => {
  const { port = "53", v4, v6 } = withPort.exec(text)?.groups ?? {}
  const literal = IpLiteral.parse(v6 ?? v4 ?? text)
  const number = Number(port)
  if (literal === undefined || literal.isMulticast || number < 1 || number > 65_535) {
    return undefined
  }
  if (v6 !== undefined && !v6.includes(":")) return undefined
  return { family: literal.family, host: literal.host, port: number }
}

/** When the system has none: resolv.conf(5). */
export const local: NameServer = { family: 4, host: "127.0.0.1", port: 53 }
