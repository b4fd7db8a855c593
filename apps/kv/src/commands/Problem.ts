/** Error replies, in Redis's words: clients look at the first one. */

export const wrongType = "WRONGTYPE Operation against a key holding the wrong kind of value"
export const syntax = "ERR syntax error"
export const notInteger = "ERR value is not an integer or out of range"
export const notFloat = "ERR value is not a valid float"
export const overflow = "ERR increment or decrement would overflow"
export const notFinite = "ERR increment would produce NaN or Infinity"
export const noSuchKey = "ERR no such key"
export const outOfRange = "ERR index out of range"
export const negative = "ERR value is out of range, must be positive"
export const outOfMemory = "OOM command not allowed when used memory > 'maxmemory'."
export const aborted = "EXECABORT Transaction discarded because of previous errors."

export const invalidExpiry = (name: string): string =>
  `ERR invalid expire time in '${name}' command`

export const wrongArity = (name: string): string =>
  `ERR wrong number of arguments for '${name}' command`
