/** How a server says that it answered: the codes of RFC 1035 §4.1.1 and RFC 6891 §6.1.3. */

export const noError = 0
export const formatError = 1
export const serverFailure = 2
/** NXDOMAIN: the name does not exist, for no type. */
export const nameError = 3
export const notImplemented = 4
export const refused = 5
/** BADVERS: the server knows no EDNS of this version. */
export const badVersion = 16

const names: Readonly<Record<number, string>> = {
  [noError]: "NOERROR",
  [formatError]: "FORMERR",
  [serverFailure]: "SERVFAIL",
  [nameError]: "NXDOMAIN",
  [notImplemented]: "NOTIMP",
  [refused]: "REFUSED",
  [badVersion]: "BADVERS"
}

/** As tools write it: `NXDOMAIN`, `RCODE9`. */
export const format = (code: number): string => names[code] ?? `RCODE${code}`
