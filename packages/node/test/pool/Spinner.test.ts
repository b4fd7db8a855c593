/// <reference lib="es2024.sharedmemory" />
import { describe, expect, it } from "vitest"
import { at, LaneMemory, WorkerWord } from "../../src/pool/LaneMemory.ts"
import { Spinner } from "../../src/pool/Spinner.ts"

const signalOf = ({ words }: LaneMemory) => Atomics.load(words, at.signal)

/** Workers that sleep until they are told to look. */
const sleep = (memory: LaneMemory, count: number) => {
  for (let index = 0; index < count; index++) {
    Atomics.waitAsync(memory.words, at.signal, signalOf(memory))
  }
}

/** How many still sleep; they wake up. */
const sleepers = ({ words }: LaneMemory) => Atomics.notify(words, at.signal)

/** Another worker, which looks until it is told that it does not any more. */
const another = (memory: LaneMemory, word: number) => {
  Atomics.store(memory.words, at.worker + 7, word)
  Atomics.store(memory.words, at.spinner, 8)
  return () => Atomics.store(memory.words, at.spinner, 0)
}

describe("a worker that looks for a task before it sleeps", () => {
  it("sees what was put into the queue since", () => {
    const memory = new LaneMemory()
    const signal = signalOf(memory)
    memory.enqueue(3)
    expect(new Spinner(memory, 0, 2).look(signal)).toBe(true)
    expect(memory.dequeue()).toBe(3)
    expect(Atomics.load(memory.words, at.spinner)).toBe(0)
  })

  it("looks less often each time that it is in vain, and more often when it was not", () => {
    const memory = new LaneMemory()
    const spinner = new Spinner(memory, 0, 2)
    const now = signalOf(memory)
    // In vain at once, and after 1, 3, 7 … 255 times that it sleeps.
    for (const skips of [0, 1, 3, 7, 15, 31, 63, 127, 255, 255]) {
      for (let skip = 0; skip < skips; skip++) expect(spinner.look(now - 1)).toBe(false)
      expect(spinner.look(now)).toBe(false)
    }
    for (let skip = 0; skip < 255; skip++) expect(spinner.look(now - 1)).toBe(false)
    for (let hit = 0; hit < 3; hit++) expect(spinner.look(now - 1)).toBe(true)
    // Half as often each time: 127, 63, 31, and in vain once more 63.
    expect(spinner.look(now)).toBe(false)
    for (let skip = 0; skip < 63; skip++) expect(spinner.look(now - 1)).toBe(false)
    expect(spinner.look(now - 1)).toBe(true)
  })

  it("never looks where there is one processor", () => {
    const memory = new LaneMemory()
    expect(new Spinner(memory, 0, 1).look(signalOf(memory) - 1)).toBe(false)
  })

  it("leaves it to another one that looks already", () => {
    const memory = new LaneMemory()
    another(memory, WorkerWord.free)
    expect(new Spinner(memory, 0, 2).look(signalOf(memory) - 1)).toBe(false)
    expect(Atomics.load(memory.words, at.spinner)).toBe(8)
  })

  it("need not be woken, unless it is being ended", () => {
    const memory = new LaneMemory()
    another(memory, WorkerWord.free)
    sleep(memory, 2)
    memory.enqueue(0)
    expect(sleepers(memory)).toBe(2)
    another(memory, WorkerWord.ending)
    sleep(memory, 2)
    memory.enqueue(1)
    expect(sleepers(memory)).toBe(1)
  })

  it.each([
    { word: WorkerWord.free, left: 2, who: "is one of them" },
    { word: 201, left: 1, who: "was given a task" },
    { word: WorkerWord.ending, left: 1, who: "is being ended" }
  ])("wakes as many as there is work for that has woken nobody; it $who", ({ left, word }) => {
    const memory = new LaneMemory()
    const signal = signalOf(memory)
    const ends = another(memory, WorkerWord.free)
    for (let slot = 0; slot < 3; slot++) memory.enqueue(slot)
    sleep(memory, 4)
    ends()
    Atomics.store(memory.words, at.worker, word)
    expect(new Spinner(memory, 0, 2).look(signal)).toBe(true)
    expect(sleepers(memory)).toBe(left)
  })

  it("does not count any more when it is gone", () => {
    const memory = new LaneMemory()
    another(memory, WorkerWord.free)
    sleep(memory, 2)
    memory.forget(6)
    expect(Atomics.load(memory.words, at.spinner)).toBe(8)
    memory.forget(7)
    expect(Atomics.load(memory.words, at.spinner)).toBe(0)
    expect(sleepers(memory)).toBe(0)
  })
})
