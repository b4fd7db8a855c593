/** What all parts of a figure share: who stands where. */
import { describe, labelOf } from "./Describe.ts"
import type { Folded } from "./Folding.ts"
import type { LaneLayout } from "./LaneLayout.ts"
import type { Rows, Scale } from "./Rows.ts"
import { element, group } from "./Svg.ts"
import { escapeText } from "./Escape.ts"
import type { TraceEvent } from "./TraceEvent.ts"

export class Stage {
  readonly drawn: ReadonlyArray<Folded>
  readonly lanes: LaneLayout
  readonly rows: Rows
  readonly scale: Scale
  private readonly byIndex: ReadonlyMap<number, TraceEvent>

  constructor(drawn: ReadonlyArray<Folded>, lanes: LaneLayout, rows: Rows, scale: Scale) {
    this.drawn = drawn
    this.lanes = lanes
    this.rows = rows
    this.scale = scale
    this.byIndex = new Map(drawn.map(({ event }) => [event.index, event]))
  }

  get top(): number {
    return 6
  }

  get bottom(): number {
    return this.scale.height - 16
  }

  /** An event that is drawn. */
  event(index: number): TraceEvent | undefined {
    return this.byIndex.get(index)
  }

  /** 0 for an event that is not drawn. */
  y(index: number): number {
    return this.scale.y[this.rows.rowOf.get(index) ?? -1] ?? 0
  }

  /** Of a host. */
  x(host: string): number {
    return this.lanes.hosts.get(host) ?? 0
  }

  clientX(client: string): number {
    return this.lanes.clients.get(client) ?? 0
  }

  /** Characters that fit beside a mark. */
  get labelMax(): number {
    return Math.floor((this.lanes.hostPixels - 22) / 6.1)
  }

  /** Markup of an event, which the page's script finds by its index. */
  mark({ cause, event }: Folded, ...children: Array<string>): string {
    const title = element("title", {}, escapeText(titleOf(event)))
    const attributes = {
      class: `e k-${event.kind}`,
      "data-i": event.index,
      "data-c": cause
    }
    return group(attributes, title, ...children)
  }
}

const titleOf = (event: TraceEvent): string => {
  const label = labelOf(event)
  return label === "" ? describe(event) : `${label}\n${describe(event)}`
}
