/** The second word of a message's header (RFC 1035 §4.1.1, RFC 4035 §3). */

const bits = {
  isResponse: 0x8000,
  isAuthoritative: 0x0400,
  isTruncated: 0x0200,
  recursionDesired: 0x0100,
  recursionAvailable: 0x0080,
  isAuthentic: 0x0020,
  checkingDisabled: 0x0010
} as const

type Flag = keyof typeof bits

export type HeaderFlags = { readonly [F in Flag]: boolean } & {
  readonly opcode: number
  /** The low four bits. */
  readonly codeLow: number
}

const flags = Object.keys(bits) as ReadonlyArray<Flag>

export const truncatedBit = bits.isTruncated

export const read = (word: number): HeaderFlags => ({
  ...(Object.fromEntries(flags.map((flag) => [flag, (word & bits[flag]) !== 0])) as {
    readonly [F in Flag]: boolean
  }),
  opcode: (word >> 11) & 0xf,
  codeLow: word & 0xf
})

export const toWord = (header: HeaderFlags): number =>
  flags.reduce(
    (word, flag) => (header[flag] ? word | bits[flag] : word),
    (header.opcode << 11) | header.codeLow
  )
