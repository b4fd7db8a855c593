/** Circles in a graph of dependencies: of each kind the shortest that can be found quickly. */
import type { AnomalyKind, Dependency } from "./Anomaly.ts"
import type { Edge, Graph } from "./DependencyGraph.ts"

export interface Cycle {
  readonly kind: Extract<AnomalyKind, "G0" | "G1c" | "G-single" | "G2">
  readonly members: ReadonlyArray<number>
  readonly dependencies: ReadonlyArray<Dependency>
}

type Kinds = ReadonlySet<Dependency>

const writes: Kinds = new Set(["ww", "time"])
const writesAndReads: Kinds = new Set(["ww", "wr", "time"])
const all: Kinds = new Set(["ww", "wr", "rw", "time"])

/** At most one of each strongly connected part of the graph: the worst kind that is in it. */
export const cyclesOf = (graph: Graph): ReadonlyArray<Cycle> =>
  componentsOf(graph).flatMap((members) => worstOf(graph, members) ?? [])

const worstOf = (graph: Graph, members: ReadonlyArray<number>): Cycle | undefined => {
  const inside = new Set(members)
  const find = (kind: Cycle["kind"], first: Dependency, rest: Kinds): Cycle | undefined => {
    for (const from of members) {
      for (const edge of graph[from]!) {
        if (edge.why !== first || !inside.has(edge.to)) continue
        const back = pathOf(graph, edge.to, from, rest, inside)
        if (back === undefined) continue
        const steps = [edge, ...back]
        return {
          kind,
          members: [from, ...steps.slice(0, -1).map(({ to }) => to)],
          dependencies: steps.map(({ why }) => why)
        }
      }
    }
    return undefined
  }
  return (
    find("G0", "ww", writes) ??
    find("G1c", "wr", writesAndReads) ??
    find("G-single", "rw", writesAndReads) ??
    find("G2", "rw", all)
  )
}

/** The shortest way, by edges of `kinds`; no edges when it is there already. */
const pathOf = (
  graph: Graph,
  from: number,
  to: number,
  kinds: Kinds,
  inside: ReadonlySet<number>
): ReadonlyArray<Edge> | undefined => {
  const reached = new Map<number, { readonly by: number; readonly edge: Edge }>()
  const queue = [from]
  for (let at = 0; at < queue.length; at++) {
    const number = queue[at]!
    if (number === to) return trace(reached, from, to)
    for (const edge of graph[number]!) {
      if (!kinds.has(edge.why) || !inside.has(edge.to)) continue
      if (edge.to === from || reached.has(edge.to)) continue
      reached.set(edge.to, { by: number, edge })
      queue.push(edge.to)
    }
  }
  return undefined
}

const trace = (
  reached: ReadonlyMap<number, { readonly by: number; readonly edge: Edge }>,
  from: number,
  to: number
): ReadonlyArray<Edge> => {
  const edges: Array<Edge> = []
  for (let at = to; at !== from;) {
    const { by, edge } = reached.get(at)!
    edges.push(edge)
    at = by
  }
  return edges.reverse()
}

/** Strongly connected ones of two and more (Tarjan, 1972), without recursion. */
const componentsOf = (graph: Graph): ReadonlyArray<ReadonlyArray<number>> => {
  const order = new Map<number, number>()
  const low: Array<number> = []
  const onStack = new Set<number>()
  const stack: Array<number> = []
  const components: Array<ReadonlyArray<number>> = []
  const enter = (number: number) => {
    low[number] = order.size
    order.set(number, order.size)
    stack.push(number)
    onStack.add(number)
    return { number, next: 0 }
  }
  const leave = (number: number) => {
    if (low[number] !== order.get(number)) return
    const members = stack.splice(stack.lastIndexOf(number))
    for (const member of members) onStack.delete(member)
    if (members.length > 1) components.push(members.sort((a, b) => a - b))
  }
  for (let root = 0; root < graph.length; root++) {
    const path = order.has(root) ? [] : [enter(root)]
    while (path.length > 0) {
      const frame = path.at(-1)!
      const edge = graph[frame.number]![frame.next++]
      if (edge === undefined) {
        path.pop()
        leave(frame.number)
        const above = path.at(-1)
        if (above !== undefined)
          low[above.number] = Math.min(low[above.number]!, low[frame.number]!)
      } else if (!order.has(edge.to)) path.push(enter(edge.to))
      else if (onStack.has(edge.to)) {
        low[frame.number] = Math.min(low[frame.number]!, order.get(edge.to)!)
      }
    }
  }
  return components
}
