/** What kinds of decisions are called, by their numbers: the streams of `Choices`. */
const names: ReadonlyArray<string> = [
  "schedule",
  "network",
  "program",
  "workers",
  "tls",
  "preempt",
  "delay",
  "choose",
  "disk",
  "link",
  "fault",
  "names"
]

export const nameOf = (kind: number): string => names[kind] ?? `stream ${kind}`
