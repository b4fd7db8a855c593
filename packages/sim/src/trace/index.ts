/** What happened in a world, what of it follows from what, and pictures of that. */
export { type DiagramOptions, type OrderView, toHtml } from "./Diagram.ts"
export { orderOf, traceHistory } from "./HistoryTrace.ts"
export { toPerfetto } from "./Perfetto.ts"
export { toShiViz } from "./ShiViz.ts"
export type { TraceData, TraceEvent, TraceKind } from "./TraceEvent.ts"
export { TraceRing } from "./TraceRing.ts"
export type { TraceSink } from "./TraceSink.ts"
