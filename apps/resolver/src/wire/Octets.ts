/** Numbers in a message's bytes, which are big-endian. */

/** Bytes that no other thread writes. */
export type Bytes = Uint8Array

export const u16 = (bytes: Bytes, at: number): number => (bytes[at]! << 8) | bytes[at + 1]!

export const u32 = (bytes: Bytes, at: number): number =>
  u16(bytes, at) * 0x1_0000 + u16(bytes, at + 2)

export const setU16 = (bytes: Bytes, at: number, value: number): void => {
  bytes[at] = value >> 8
  bytes[at + 1] = value
}

export const setU32 = (bytes: Bytes, at: number, value: number): void => {
  setU16(bytes, at, value >>> 16)
  setU16(bytes, at + 2, value & 0xffff)
}

/** `A` to `Z`. Length bytes of labels are below. */
export const isUpper = (byte: number): boolean => byte >= 0x41 && byte <= 0x5a
