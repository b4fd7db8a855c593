/**
 * A lock, channel or ring with one bug. They are core's own and have no port, so a method of theirs
 * is replaced, for all worlds of the process, while the law runs.
 */

export interface SyncMutant {
  /** What it is, as a noun phrase. */
  readonly name: string
  readonly caughtBy: string
  /** Puts the bug in; what it gives takes it out. */
  readonly apply: () => () => void
}

// Of methods that are private, too.
type Method<T> = (this: T, ...args: ReadonlyArray<never>) => unknown

const replacing = <T extends object>(
  type: { readonly prototype: T },
  member: string,
  make: (original: PropertyDescriptor) => PropertyDescriptor
) => {
  const { prototype } = type
  const original = Reflect.getOwnPropertyDescriptor(prototype, member)
  if (original === undefined) throw new Error(`There is no ${member}`)
  Object.defineProperty(prototype, member, { ...original, ...make(original) })
  return () => void Object.defineProperty(prototype, member, original)
}

/** A mutant whose method is what `make` makes of it. */
export const method = <T extends object>(
  name: string,
  caughtBy: string,
  type: { readonly prototype: T },
  member: string,
  make: (call: (self: T, ...args: ReadonlyArray<unknown>) => unknown) => Method<T>
): SyncMutant => ({
  name,
  caughtBy,
  apply: () =>
    replacing(type, member, ({ value }) => {
      const original = value as (...args: ReadonlyArray<unknown>) => unknown
      return { value: make((self, ...args) => original.apply(self, [...args])) }
    })
})

/** A mutant whose getter is another. */
export const getter = <T extends object>(
  name: string,
  caughtBy: string,
  type: { readonly prototype: T },
  member: string,
  get: (this: T) => unknown
): SyncMutant => ({ name, caughtBy, apply: () => replacing(type, member, () => ({ get })) })
