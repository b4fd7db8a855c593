/** What a process tells of its fibers on SIGUSR2, while all of them wait. */
import { describe, expect, it } from "vitest"
import { connect, exchange } from "./Client.ts"
import { until } from "./Poll.ts"
import { file, hosts, Program } from "./Program.ts"

const site = /(?:file:\/\/)?\/.*\/programs\/Waits\.ts:\d+:\d+/.source

describe.for(hosts)("SIGUSR2 on %s", { concurrent: true }, (host) => {
  it("tells spans, operations, handles, ages and places, and disturbs nothing", async () => {
    await using program = new Program(file(`programs/loop.${host}.ts`, host, "waits"))
    const url = new URL((await program.line()).slice("ready ".length))
    const client = await connect({ host: url.hostname, port: Number(url.port) })
    expect(await exchange(client, "a")).toBe("a")

    // The fibers set out while the first dumps are written; then they do nothing more.
    const waiting = "TcpStream.read on TcpStream"
    const signs = [waiting, "60 min left", '"hang"', " % of the time\n"]
    const dump = await until(
      () => {
        program.kill("SIGUSR2")
        const dumps = program.stderr.split(`The event loop of process ${program.pid}\n`)
        return dumps.find((text) => signs.every((sign) => text.includes(sign)))
      },
      (found) => found !== undefined
    )
    const listener = `TcpListener #1 tcp://127\\.0\\.0\\.1:${url.port}`
    const peer = `TcpStream #\\d+ tcp://127\\.0\\.0\\.1:\\d+ → tcp://127\\.0\\.0\\.1:${url.port}`
    const frame = (name: string) => `\\n    at ${name} (?:\\(definition\\) )?\\(${site}\\)`
    for (const line of [
      `^kept alive by\\n  ${listener} is Open, \\d+ accepted, opened at ${site}\\n`,
      `\\n  fiber #\\d+ in Effect\\.sleep, 60 min left\\n`,
      `\\n  fiber #\\d+ "hang" has waited \\d+ ms inside Effect${frame("hang")}`,
      `\\n  fiber #\\d+ "nap" has waited \\d+ ms for Effect\\.sleep, 60 min left${frame("nap")}`,
      `\\n  fiber #\\d+ "askPeer" has waited \\d+ ms for ${waiting} .*${frame("askPeer")}`,
      `\\n  fiber #\\d+ "answer" has waited \\d+ ms for TcpStream\\.readExactly on TcpStream #`,
      `\\n  ${peer} is Open, opened at ${site}\\n`,
      `\\nloop\\n  \\d+ turns, \\d+ tasks, `
    ]) {
      expect(dump).toMatch(new RegExp(line))
    }

    expect(await exchange(client, "b")).toBe("b")
    client.destroy()
    program.kill("SIGTERM")
    expect(await program.exit).toEqual({ code: 0, signal: null })
  }, 90_000)
})
