/**
 * Text form of a message between Vitest (on Node) and its worker (on Bun).
 *
 * The channel between the two hosts must be `serialization: "json"`: with "advanced" each host
 * speaks its own engine's format and messages vanish without an error. Vitest's messages need more
 * than JSON, so this carries what structured clone would: cycles and shared references,
 * `undefined`, odd numbers, bigint, Date, RegExp, Map, Set, Error and bytes. As with structured
 * clone, a class instance arrives as a plain object, and a function or symbol is an error.
 *
 * A message is a table of nodes, the first being the root. A slot inside a node is a JSON
 * primitive, or `[index]` of another node, or `[text]` for a primitive that JSON lacks.
 */
type Slot = string | number | boolean | null | readonly [number | string]

type Node =
  | readonly ["object", ReadonlyArray<readonly [string, Slot]>]
  | readonly ["array", ReadonlyArray<Slot>]
  | readonly ["map", ReadonlyArray<readonly [Slot, Slot]>]
  | readonly ["set", ReadonlyArray<Slot>]
  | readonly ["error", ReadonlyArray<readonly [string, Slot]>]
  | readonly ["date", number | null]
  | readonly ["regexp", string, string]
  | readonly ["bytes", string]

type SlotOf = (value: unknown) => Slot

const isPlainNumber = (value: number) => Number.isFinite(value) && !Object.is(value, -0)

const entriesOf = (value: object, slotOf: SlotOf) =>
  Object.entries(value).map(([key, item]) => [key, slotOf(item)] as const)

// An Error's own name, message and stack are not enumerable, and the stack is what a reader needs.
const errorEntries = (error: Error, slotOf: SlotOf) => [
  ...["name", "message", "stack", "cause"]
    .filter((key) => key in error)
    .map((key) => [key, slotOf(Reflect.get(error, key))] as const),
  ...entriesOf(error, slotOf)
]

const nodeOf = (value: object, slotOf: SlotOf): Node => {
  if (Array.isArray(value)) return ["array", Array.from(value, slotOf)]
  if (value instanceof Map) return ["map", Array.from(value, ([k, v]) => [slotOf(k), slotOf(v)])]
  if (value instanceof Set) return ["set", Array.from(value, slotOf)]
  if (value instanceof Error) return ["error", errorEntries(value, slotOf)]
  if (value instanceof Date) return ["date", value.getTime()]
  if (value instanceof RegExp) return ["regexp", value.source, value.flags]
  if (value instanceof Uint8Array) return ["bytes", Buffer.from(value).toString("base64")]
  return ["object", entriesOf(value, slotOf)]
}

/** The text of a message. Throws on a function or a symbol. */
export const encode = (message: unknown): string => {
  const objects: Array<object> = []
  const indexes = new Map<object, number>()
  const slotOf: SlotOf = (value) => {
    if (value === null || typeof value === "string" || typeof value === "boolean") return value
    if (value === undefined) return ["undefined"]
    if (typeof value === "number") return isPlainNumber(value) ? value : [`n${numberText(value)}`]
    if (typeof value === "bigint") return [`b${value}`]
    if (typeof value !== "object") throw new TypeError(`Cannot send to a worker: ${typeof value}`)
    const known = indexes.get(value)
    if (known !== undefined) return [known]
    indexes.set(value, objects.length)
    return [objects.push(value) - 1]
  }
  const root = slotOf(message)
  const nodes: Array<Node> = []
  // Visiting a node finds more objects, which the loop then reaches: no recursion, so a deep value
  // cannot overflow the stack.
  for (const value of objects) nodes.push(nodeOf(value, slotOf))
  return JSON.stringify([root, nodes])
}

const numberText = (value: number) => (Object.is(value, -0) ? "-0" : String(value))

const emptyOf = (node: Node): object => {
  switch (node[0]) {
    case "object":
      return {}
    case "array":
      return []
    case "map":
      return new Map()
    case "set":
      return new Set()
    case "error":
      return new Error()
    case "date":
      return new Date(node[1] ?? Number.NaN)
    case "regexp":
      return new RegExp(node[1], node[2])
    case "bytes":
      return new Uint8Array(Buffer.from(node[1], "base64"))
  }
}

const define = (target: object, key: string, value: unknown) =>
  Object.defineProperty(target, key, {
    value,
    configurable: true,
    enumerable: !(target instanceof Error && ["name", "message", "stack", "cause"].includes(key)),
    writable: true
  })

const fill = (target: object, node: Node, valueOf: (slot: Slot) => unknown) => {
  if (node[0] === "object" || node[0] === "error") {
    for (const [key, slot] of node[1]) define(target, key, valueOf(slot))
  } else if (node[0] === "array") {
    for (const slot of node[1]) (target as Array<unknown>).push(valueOf(slot))
  } else if (node[0] === "set") {
    for (const slot of node[1]) (target as Set<unknown>).add(valueOf(slot))
  } else if (node[0] === "map") {
    for (const [k, v] of node[1]) (target as Map<unknown, unknown>).set(valueOf(k), valueOf(v))
  }
}

/** The message that `encode` was given. */
export const decode = (text: string): unknown => {
  const [root, nodes] = JSON.parse(text) as [Slot, ReadonlyArray<Node>]
  const objects = nodes.map(emptyOf)
  const valueOf = (slot: Slot): unknown => {
    if (!Array.isArray(slot)) return slot
    const [item] = slot as readonly [number | string]
    if (typeof item === "number") return objects[item]
    if (item === "undefined") return undefined
    return item.startsWith("b") ? BigInt(item.slice(1)) : Number(item.slice(1))
  }
  for (const [index, node] of nodes.entries()) fill(objects[index]!, node, valueOf)
  return valueOf(root)
}
