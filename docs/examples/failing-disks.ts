import { Files } from "@portico/core"
import { Sim, SimBackend } from "@portico/sim"
import { Effect, Exit, Fiber, Random } from "effect"

const path = "/home/settings"
const content = (letter: string) => new TextEncoder().encode(letter.repeat(10_000))

const inPlace = (letter: string) => Files.writeFile(path, content(letter))
const replaced = (letter: string) => Files.replace(path, (file) => file.write(content(letter)))

// What is there when the power goes at some moment of the second save.
const afterCrash = (save: typeof inPlace) =>
  Effect.gen(function* () {
    const { disk } = yield* Sim.Sim
    yield* replaced("a")
    const saving = yield* Effect.forkChild(Effect.exit(save("b")))
    yield* Effect.sleep(`${yield* Random.nextIntBetween(0, 400)} micros`)
    yield* disk.crash("random")
    yield* Fiber.join(saving)
    const text = new TextDecoder().decode(yield* Files.readFile(path, { bytesMax: 20_000 }))
    return /^a{10000}$/.test(text) ? "old" : /^b{10000}$/.test(text) ? "new" : "neither"
  })

// A full disk is an error like any other; what was there is still there.
const whenFull = Effect.gen(function* () {
  const { disk } = yield* Sim.Sim
  yield* replaced("a")
  yield* disk.setLimits({ capacityBytes: (yield* disk.usage).bytes + 4096 })
  const { reason } = yield* Effect.flip(replaced("b"))
  const { length } = yield* Files.readFile(path, { bytesMax: 20_000 })
  return `${reason._tag}, ${length} bytes are still there`
})

const worlds = Array.from({ length: 100 }, (_, seed) => seed)
for (const [name, save] of Object.entries({ inPlace, replaced })) {
  const found = worlds.map((seed) => SimBackend.runSync(afterCrash(save), { seed }))
  const count = (what: string) =>
    found.filter((exit) => Exit.isSuccess(exit) && exit.value === what).length
  console.log(`${name}: old ${count("old")}, new ${count("new")}, neither ${count("neither")}`)
}
const full = SimBackend.runSync(whenFull, { seed: 1 })
console.log(Exit.isSuccess(full) ? full.value : full.cause)
