/**
 * The key-value server killed under load: 3 times on each host, or as often as `KILLS` says.
 *
 * Clients count up keys of their own, several requests in flight. After each restart a key holds
 * at least the last number that was acknowledged, and at most the last that was sent. The log is
 * short, so kills come also within its rewrites.
 */
import { afterAll, describe, expect, it } from "vitest"
import { DataFolder, Kv, LineClient, startKv } from "./Kv.ts"
import { app, type Host, hosts } from "./Program.ts"

const kills = Number(process.env["KILLS"] ?? 3)
const clients = 8
const inFlight = 16
const keysPerClient = 10

class Counting {
  /** By key: the last number that was sent, and the last that was acknowledged. */
  readonly sent = new Map<string, number>()
  readonly acknowledged = new Map<string, number>()
  private readonly name: string
  private last = 0

  constructor(name: string) {
    this.name = name
  }

  /** Counts until the connection ends; tells of each acknowledgement. */
  async run(port: number, onAcknowledged: () => void): Promise<void> {
    using client = await LineClient.connect(port)
    const waiting: Array<readonly [string, number]> = []
    const ask = () => {
      const number = ++this.last
      const key = `${this.name}:${number % keysPerClient}`
      client.send("SET", key, number)
      this.sent.set(key, number)
      waiting.push([key, number])
    }
    for (let count = 0; count < inFlight; count++) ask()
    for (;;) {
      const line = await client.line()
      if (line === undefined) return
      if (line !== "+OK") throw new Error(`Not acknowledged: ${line}`)
      const [key, number] = waiting.shift()!
      this.acknowledged.set(key, number)
      ask()
      onAcknowledged()
    }
  }

  /** Keys whose number is lower than was acknowledged, or higher than was sent. */
  async wrong(port: number): Promise<ReadonlyArray<string>> {
    using client = await LineClient.connect(port)
    const wrong: Array<string> = []
    for (const [key, sent] of this.sent) {
      client.send("GET", key)
      const text = await client.bulk()
      const found = text === undefined ? 0 : Number(text)
      const acknowledged = this.acknowledged.get(key) ?? 0
      if (found < acknowledged || found > sent) {
        wrong.push(`${key}: ${acknowledged} was acknowledged, ${found} is there, ${sent} was sent`)
      }
    }
    return wrong
  }
}

/** Lets all count until `acknowledgements` came, and kills the server then. */
const killUnder = async (
  kv: Kv,
  counting: ReadonlyArray<Counting>,
  acknowledgements: number
): Promise<void> => {
  let left = acknowledgements
  const onAcknowledged = () => {
    if (--left === 0) kv.kill("SIGKILL")
  }
  await Promise.all(counting.map((one) => one.run(kv.port, onAcknowledged)))
  await kv.exit
}

/** A second server on the same data, whichever host it is on, ends and says who has them. */
const refusesSecond = async (kv: Kv, other: Host, data: DataFolder): Promise<void> => {
  await using second = new Kv(app("kv", other, "--port", "0", "--data", data.path))
  expect(await second.exit).toEqual({ code: 1, signal: null })
  expect(second.stderr).toMatch(new RegExp(`process ${kv.pid} since .*: ${data.path}`))
  expect(second.stdout).toBe("")
}

describe.for(hosts)("kv on %s, killed under load", (host) => {
  const data = new DataFolder()
  afterAll(() => data[Symbol.dispose]())
  const counting = Array.from({ length: clients }, (_, index) => new Counting(`client-${index}`))
  const start = () => startKv(host, data, "--sync", "always", "--rewrite-bytes-min", "20000")
  const check = async (kv: Kv) =>
    (await Promise.all(counting.map((one) => one.wrong(kv.port)))).flat()

  it(
    `keeps others from its data, and holds every acknowledged write after each of ${kills} kills`,
    { timeout: 60_000 + 30_000 * kills },
    async () => {
      let kv = await start()
      try {
        await refusesSecond(kv, host === "node" ? "bun" : "node", data)
        for (let kill = 0; kill < kills; kill++) {
          // Neither too even nor left to chance.
          await killUnder(kv, counting, 500 + ((kill * 7_919) % 3_000))
          kv = await start()
          expect(await check(kv), `kill ${kill}`).toStrictEqual([])
        }
      } finally {
        await kv[Symbol.asyncDispose]()
      }
    }
  )
})
