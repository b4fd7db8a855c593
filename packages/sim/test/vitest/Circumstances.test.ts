import { Explore, Replay } from "@portico/sim"
import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { changes, circumstances } from "../../vitest/src/circumstances.ts"
import { recordedMessage } from "../../vitest/src/Message.ts"

describe("what a run is recorded with", () => {
  it("is the versions of the host, its engine, and Effect", () => {
    const { effect, ...engines } = circumstances()
    expect(effect).toMatch(/^4\./)
    expect(process.versions).toMatchObject(engines)
    expect(Object.keys(engines)).toContain("node")
    expect(Object.keys(engines).length).toBeGreaterThan(1)
  })

  it("is told where it has changed", () => {
    expect(changes(circumstances(), circumstances())).toEqual([])
    expect(changes({}, circumstances())).toEqual([])
    expect(
      changes({ node: "22.19.0", effect: "4.1.0" }, { bun: "1.4.5", effect: "4.1.0" })
    ).toEqual(["It was recorded with node 22.19.0 (none now)."])
  })
})

describe("a recorded failure", () => {
  const scenario = Effect.fail("Lost")
  const [found] = Explore.exploreSync(scenario).found
  const replay = { ...Explore.toReplay("counts", found!), context: { effect: "4.0.0" } }
  const place = { name: "counts", file: "counts.test.ts" }
  const messageOf = (now: Effect.Effect<never, string>) => {
    const recorded = { path: ".sim/counts-1.simreplay", replay: Replay.read(Replay.write(replay)) }
    return recordedMessage(place, recorded, Explore.replay(now, replay), undefined)
  }

  it("says what it was recorded with if it goes otherwise now", () => {
    const other = Effect.andThen(Effect.sleep("1 second"), Effect.fail("Found"))
    expect(messageOf(other)).toContain("It was recorded with effect 4.0.0 (4.")
    expect(messageOf(scenario)).not.toContain("recorded with")
  })
})
