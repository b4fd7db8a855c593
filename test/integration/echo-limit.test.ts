/** Echo at its connection limit: who comes later waits for a place, and gets it. */
import { once } from "node:events"
import { describe, expect, it } from "vitest"
import { connect, exchange, receive } from "./Client.ts"
import { startEcho } from "./Echo.ts"
import { hosts } from "./Program.ts"

describe.for(hosts)("echo on %s with --connections-max 2", { concurrent: true }, (host) => {
  it("serves two, and the third as soon as one of them leaves", async () => {
    await using echo = await startEcho(host, ["--connections-max", "2"])
    const first = await connect(echo.address)
    const second = await connect(echo.address)
    expect(await exchange(first, "first")).toBe("first")
    expect(await exchange(second, "second")).toBe("second")

    const third = await connect(echo.address)
    const answer = receive(third, 5)
    let isAnswered = false
    const answered = answer.then(() => (isAnswered = true))
    third.write("third")
    // The server turns many times over these, and would have answered meanwhile.
    for (let turn = 0; turn < 50; turn += 1) {
      expect(await exchange(first, "first")).toBe("first")
      expect(await exchange(second, "second")).toBe("second")
    }
    expect(isAnswered).toBe(false)

    first.end()
    await once(first, "close")
    await answered
    expect((await answer).toString()).toBe("third")
    second.destroy()
    third.destroy()
  }, 90_000)
})
