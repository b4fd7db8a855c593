import { Piscina } from "piscina"
import { run } from "./promises.ts"

// Bun's types, which are there as well, have another list of what is moved.
const pool = new Piscina({
  filename: new URL("./piscinaTasks.ts", import.meta.url).href,
  minThreads: 2,
  maxThreads: 2
})

await run({
  increment: (number) => pool.run(number, { name: "increment" }),
  move: (bytes) => pool.run(bytes, { name: "giveBack", transferList: [bytes.buffer] as never }),
  burn: (millis) => pool.run(millis, { name: "burn" })
})
