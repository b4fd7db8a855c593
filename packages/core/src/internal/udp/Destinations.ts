/** Where one datagram socket may send: literals of its family, as its port wants them. */
import type * as Effect from "effect/Effect"
import type { InetInput } from "../../Address.ts"
import type { IoError } from "../../IoError.ts"
import type { InetPortAddress } from "../../port/PortAddress.ts"
import * as Check from "../Check.ts"
import * as IpLiteral from "../IpLiteral.ts"

type Refusal = Effect.Effect<never, IoError> | undefined

/** An IPv4 packet's 65,535 bytes less its headers. */
const bytesMaxV4 = 65_507
/** IPv6 does not count its own header (RFC 8200 §3). */
const bytesMaxV6 = 65_527

// Names of hosts that were parsed before: most sends go where others went.
const knownMax = 1_024
const mappedPrefix = IpLiteral.mapped("")

/** A connected socket is given no address to send to, another one is. */
export const checkPresence = (
  operation: string,
  argument: string,
  isConnected: boolean,
  to: InetInput | undefined
): Refusal => {
  if (isConnected === (to === undefined)) return undefined
  return isConnected
    ? Check.invalid(operation, argument, "left out on a connected socket", to!.host)
    : Check.invalid(operation, argument, "given on a socket that is not connected", to)
}

/**
 * Where a datagram came from, as its socket was told. Sent back through that socket it needs no
 * look at its text, which the host makes anew for each datagram.
 */
export class ReplyAddress implements InetPortAddress {
  readonly _tag = "Inet"
  readonly host: string
  readonly port: number
  readonly destinations: Destinations

  constructor({ host, port }: InetPortAddress, destinations: Destinations) {
    this.host = host
    this.port = port
    this.destinations = destinations
  }
}

export class Destinations {
  readonly family: 4 | 6
  private readonly takesV4: boolean
  private readonly known = new Map<string, string>()

  constructor(local: InetPortAddress, ipv6Only: boolean) {
    this.family = local.host.includes(":") ? 6 : 4
    this.takesV4 = this.family === 4 || (local.host === "::" && !ipv6Only)
  }

  /** Why `input` is no destination, naming the part of `argument` that is wrong. */
  check(operation: string, argument: string, input: InetInput): Refusal {
    if (!this.isReply(input) && this.hostOf(input) === undefined) {
      const families = this.family === 4 ? "IPv4" : this.takesV4 ? "IPv6 or IPv4" : "IPv6"
      const bound = `an ${families} literal, as the socket's own address is`
      return Check.invalid(operation, `${argument}.host`, bound, input.host ?? "127.0.0.1")
    }
    return Check.integer(operation, `${argument}.port`, input.port, 1, 65_535)
  }

  /** The address of what `check` found nothing against. */
  resolve(input: InetInput): InetPortAddress {
    if (this.isReply(input)) return input
    return { _tag: "Inet", host: this.hostOf(input)!, port: input.port }
  }

  private isReply(input: InetInput): input is ReplyAddress {
    return input instanceof ReplyAddress && input.destinations === this
  }

  private hostOf({ host = "127.0.0.1" }: InetInput): string | undefined {
    const known = this.known.get(host)
    if (known !== undefined) return known
    const literal = typeof host === "string" ? IpLiteral.parse(host) : undefined
    if (literal === undefined) return undefined
    if (literal.family === 4 ? !this.takesV4 : this.family === 4) return undefined
    const isForeign = literal.family !== this.family
    const resolved = isForeign ? IpLiteral.mapped(literal.host) : literal.host
    if (this.known.size === knownMax) this.known.clear()
    this.known.set(host, resolved)
    return resolved
  }

  /** Bytes that a datagram to there may have. */
  bytesMax({ host }: InetPortAddress): number {
    return this.family === 4 || host.startsWith(mappedPrefix) ? bytesMaxV4 : bytesMaxV6
  }
}
