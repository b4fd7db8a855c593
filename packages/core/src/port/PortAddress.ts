/** Addresses as ports see them: plain data, already resolved to a literal. */

export interface InetPortAddress {
  readonly _tag: "Inet"
  /** An IPv4 or IPv6 literal without brackets; IPv6 may carry a `%scope`. */
  readonly host: string
  /** 0–65535; 0 asks the host to choose, and never comes back from it. */
  readonly port: number
}

export interface UnixPortAddress {
  readonly _tag: "Unix"
  /** A file system path, or a NUL character followed by a name in Linux's abstract namespace. */
  readonly path: string
}

export type PortAddress = InetPortAddress | UnixPortAddress
