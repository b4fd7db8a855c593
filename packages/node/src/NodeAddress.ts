/** Node's `{ address, port }` pairs as port addresses. */
import type { PortAddress } from "@portico/core/port/index"

/** Undefined once Node has forgotten it (after the close). */
export const inetAddress = (
  host: string | undefined,
  port: number | undefined
): PortAddress | undefined =>
  host === undefined || port === undefined ? undefined : { _tag: "Inet", host, port }
