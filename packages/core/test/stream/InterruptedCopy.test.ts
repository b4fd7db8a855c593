/** However a copy is cut short, each byte went to the target or is still to be read, in order. */
import * as Effect from "effect/Effect"
import { expect, it } from "vitest"
import { StreamHandle } from "../../src/internal/stream/StreamHandle.ts"
import { ScriptedPorts } from "../scripted/ScriptedPorts.ts"
import { never, Stepped, steps, stepsMax } from "../scripted/StepScheduler.ts"

const settings = { kind: "TcpStream", site: undefined, closeGrace: 0 } as const
/** A chunk that a write copies, one that it offers as it lies, and one behind that. */
const chunks = [5, 6_000, 7].map((count, index) => new Uint8Array(count).fill(index + 1))
const message = chunks.flatMap((chunk) => Array.from(chunk))

interface Moments {
  readonly arrival: number
  readonly room: number
  readonly interrupt: number
  readonly isLending: boolean
}

/** The chunks arrive from a step on, one a step; the target has room for a part, later for all. */
const run = ({ arrival, interrupt, isLending, room }: Moments) => {
  const scripted = new ScriptedPorts()
  const [from, to] = [scripted.stream(), scripted.stream()]
  const source = new StreamHandle(scripted.table, from, settings)
  const target = new StreamHandle(scripted.table, to, settings)
  to.room = 0
  to.isLending = isLending
  const copying = new Stepped(scripted.host, source.copyTo(target))
  for (let step = 0; step <= stepsMax; step++) {
    const chunk = chunks[step - arrival]
    if (chunk !== undefined) from.give(chunk)
    if (step === room) to.makeRoom(2_000)
    if (step === interrupt) copying.interrupt()
    copying.step()
  }
  for (let more = 0; more < 8; more++) {
    to.makeRoom(1_000_000)
    copying.settle()
  }
  return { copying, source, target, to }
}

const rest = (source: StreamHandle): Array<number> => {
  const bytes: Array<number> = []
  while (source.isReadable) bytes.push(...Effect.runSync(source.read))
  return bytes
}

const problem = ({ copying, source, target, to }: ReturnType<typeof run>, left: Array<number>) => {
  if (copying.fiber.pollUnsafe() === undefined) return "the copy still waits"
  if (source.waits.length + target.waits.length > 0) return "somebody still waits"
  const sent = to.written
  if (sent.join() !== message.slice(0, sent.length).join()) return "not what came was sent"
  if (left.join() !== message.slice(message.length - left.length).join()) return "not what is left"
  const lost = message.length - sent.length - left.length
  // A chunk that was begun is gone with the target, and no other.
  const lostMax = target.state._tag === "Broken" ? 6_000 : 0
  return lost >= 0 && lost <= lostMax ? undefined : `${lost} bytes are lost`
}

const everyMoment: ReadonlyArray<Moments> = [false, true].flatMap((isLending) =>
  [0, 3].flatMap((arrival) =>
    [0, 4, 6, 9, never].flatMap((room) =>
      [never, ...steps].map((interrupt) => ({ isLending, arrival, room, interrupt }))
    )
  )
)

it("loses no byte and sends none twice, whenever it is interrupted", () => {
  const seen = new Set<string>()
  for (const moments of everyMoment) {
    const outcome = run(moments)
    outcome.copying.interrupt()
    outcome.copying.settle()
    const left = rest(outcome.source)
    const found = problem(outcome, left)
    if (found !== undefined) throw new Error(`${found}: ${JSON.stringify(moments)}`)
    const isBroken = outcome.target.state._tag === "Broken"
    seen.add(isBroken ? "broken" : left.length === 0 ? "all sent" : "some left")
  }
  expect(seen).toStrictEqual(new Set(["some left", "broken", "all sent"]))
})

it("is one of the writers, and counts what it read", () => {
  const scripted = new ScriptedPorts()
  const [from, to] = [scripted.stream(), scripted.stream()]
  const source = new StreamHandle(scripted.table, from, settings)
  const target = new StreamHandle(scripted.table, to, settings)
  const copying = new Stepped(scripted.host, source.copyTo(target))
  copying.settle()
  for (const chunk of chunks) from.give(chunk)
  from.giveEnd()
  copying.settle()
  expect(to.written).toStrictEqual(message)
  expect(copying.fiber.pollUnsafe()).toMatchObject({ value: message.length })
})

it("resumes its fiber once, however much flows", () => {
  const scripted = new ScriptedPorts()
  const [from, to] = [scripted.stream(), scripted.stream()]
  const source = new StreamHandle(scripted.table, from, settings)
  const target = new StreamHandle(scripted.table, to, settings)
  const copying = new Stepped(scripted.host, source.copyTo(target))
  copying.settle()
  for (let count = 1; count <= 100; count++) {
    from.give(chunks[0]!)
    expect(to.written.length).toBe(count * chunks[0]!.length)
  }
  expect(copying.step()).toBe(false)
})
