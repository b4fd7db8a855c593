/** Addresses as Bun gives them. */
import type { PortAddress } from "@portico/core/port/index"

/** Undefined for Unix sockets, and after the close. */
export const inetAddress = (
  host: string | undefined,
  port: number | undefined
): PortAddress | undefined =>
  host === undefined || port === undefined ? undefined : { _tag: "Inet", host, port }
