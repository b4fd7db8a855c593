/**
 * Throws when a value holds shared memory. Node refuses to send that to another process; Bun 1.4
 * sends a copy, and who writes there would write for himself alone.
 */
export const refuseShared = (value: unknown): void => look(value, new Set())

const look = (value: unknown, seen: Set<object>): void => {
  if (typeof value !== "object" || value === null || seen.has(value)) return
  seen.add(value)
  const memory = ArrayBuffer.isView(value) ? value.buffer : value
  if (memory instanceof SharedArrayBuffer) {
    throw new TypeError("A SharedArrayBuffer cannot be sent to another process")
  }
  if (memory instanceof ArrayBuffer) return
  const parts =
    value instanceof Map || value instanceof Set ? [...value].flat() : Object.values(value)
  for (const part of parts) look(part, seen)
}
