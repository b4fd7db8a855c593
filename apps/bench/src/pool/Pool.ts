/** What a task on another thread costs: Portico's lanes, two pools of npm, and bare messages. */
import type { Contestant } from "../Contestant.ts"
import type { Suite } from "../Suite.ts"
import { poolCase } from "./PoolCase.ts"

const program = (file: string) => new URL(`programs/${file}`, import.meta.url)

const onNode = (name: string, file: string): Contestant => ({
  name,
  host: "node",
  program: program(file),
  ratioTo: "postmessage"
})

const onBun = (name: string, file: string): Contestant => ({
  name,
  host: "bun",
  program: program(file),
  ratioTo: "postmessage-bun"
})

export const pool: Suite = {
  name: "pool",
  summary: "Tasks on two threads",
  baseline: "a message to a worker and one back, on the same host",
  contestants: [
    onNode("postmessage", "postmessage.ts"),
    onNode("portico-node", "portico.node.ts"),
    onNode("piscina", "piscina.ts"),
    onNode("tinypool", "tinypool.ts"),
    onBun("postmessage-bun", "postmessage.ts"),
    onBun("portico-bun", "portico.bun.ts")
  ],
  cases: [
    poolCase("tiny-x1", "a number and its successor, one task after the other", "tiny", 1),
    poolCase("tiny-x64", "the same, 64 tasks under way", "tiny", 64),
    poolCase("move-1m", "1 MiB moved to a thread and back, one after the other", "move", 1),
    poolCase("cpu-x2", "two tasks that compute for 20 ms, beside a timer of the loop", "burn", 2)
  ]
}
