import * as Effect from "effect/Effect"
import { describe, expect, it } from "vitest"
import { HandleBase } from "../src/internal/HandleBase.ts"
import { attempt } from "../src/internal/attempt.ts"
import type { HandleTable } from "../src/internal/HandleTable.ts"
import { loopback } from "./scripted/ScriptedStream.ts"
import { ScriptedPorts } from "./scripted/ScriptedPorts.ts"

class Bare extends HandleBase {
  readonly kind = "TcpStream"
  readonly counters = { bytesRead: 0, bytesWritten: 0, bytesQueued: 0, connectionsAccepted: 0 }
  readonly waits = []
  readonly addressText = undefined
  readonly site = undefined
  readonly label = "bare"
  readonly refs: Array<boolean> = []
  readonly close = Effect.suspend(() => {
    this.beginClose()
    return this.awaitClosed
  })
  setRefUnsafe(ref: boolean): void {
    this.refs.push(ref)
  }
}

const bare = (table: HandleTable, count: number): Array<Bare> =>
  Array.from({ length: count }, () => new Bare(table))

const ids = (table: HandleTable): Array<number> => table.list().map(({ id }) => id)

/** Asks for the close, and notes when it was over. */
const closing = (handle: Bare, ended: Array<number>): void => {
  Effect.runFork(handle.close).addObserver(() => ended.push(handle.id))
}

describe("the list", () => {
  it("is in the order of creation, ids from 1", () => {
    const { table } = new ScriptedPorts()
    bare(table, 3)
    expect(ids(table)).toEqual([1, 2, 3])
  })

  it.each([
    { closed: [1], left: [2, 3, 4] },
    { closed: [4], left: [1, 2, 3] },
    { closed: [2, 3], left: [1, 4] },
    { closed: [3, 1, 4, 2], left: [] }
  ])("is whole after $closed left it, and ids never come again", ({ closed, left }) => {
    const { host, table } = new ScriptedPorts()
    const handles = bare(table, 4)
    for (const id of closed) {
      closing(handles[id - 1]!, [])
      table.reportClosed(handles[id - 1]!)
      host.settle()
    }
    expect(ids(table)).toEqual(left)
    bare(table, 1)
    expect(ids(table)).toEqual([...left, 5])
  })

  it("is a snapshot: handles may leave while it is walked", () => {
    const { host, table } = new ScriptedPorts()
    bare(table, 3)
    const seen: Array<number> = []
    for (const handle of table.list()) {
      seen.push(handle.id)
      closing(handle as Bare, [])
      table.reportClosed(handle)
      host.settle()
    }
    expect(seen).toEqual([1, 2, 3])
    expect(ids(table)).toEqual([])
  })

  it("is alive while one handle is ref'd, and a closed one is not", () => {
    const { host, table } = new ScriptedPorts()
    const [first, second] = bare(table, 2)
    Effect.runSync(first!.unref)
    Effect.runSync(first!.unref)
    expect(table.isAlive()).toBe(true)
    closing(second!, [])
    table.reportClosed(second!)
    host.settle()
    expect(table.isAlive()).toBe(false)
    Effect.runSync(first!.ref)
    expect(table.isAlive()).toBe(true)
    expect(first!.refs).toEqual([false, true])
  })
})

describe("close reports", () => {
  it.each([
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0]
  ])("go out in the order of the requests when the host reports %i, %i, %i", (...order) => {
    const { host, table } = new ScriptedPorts()
    const handles = bare(table, 3)
    const ended: Array<number> = []
    for (const handle of [handles[2]!, handles[0]!, handles[1]!]) closing(handle, ended)
    for (const index of order) table.reportClosed(handles[index]!)
    expect(ended).toEqual([])
    host.settle()
    expect(ended).toEqual([3, 1, 2])
  })

  it("wait for the next callback, and one that comes meanwhile is not lost", () => {
    const { host, table } = new ScriptedPorts()
    const [first, second] = bare(table, 2)
    const ended: Array<number> = []
    closing(first!, ended)
    closing(second!, ended)
    Effect.runFork(first!.close).addObserver(() => table.reportClosed(second!))
    table.reportClosed(first!)
    expect(ids(table)).toEqual([1, 2])
    host.step()
    expect(ended).toEqual([1])
    expect(ids(table)).toEqual([2])
    host.step()
    expect(ended).toEqual([1, 2])
  })

  it("reach all who wait, those who come late at once", () => {
    const { host, table } = new ScriptedPorts()
    const [handle] = bare(table, 1)
    const ended: Array<number> = []
    closing(handle!, ended)
    closing(handle!, ended)
    table.reportClosed(handle!)
    host.settle()
    closing(handle!, ended)
    expect(ended).toEqual([1, 1, 1])
    expect(handle!.state).toEqual({ _tag: "Closed" })
  })
})

describe("shutting down", () => {
  const opening = (scripted: ScriptedPorts) =>
    attempt(scripted.table, {
      operation: "Tcp.connect",
      address: loopback(80),
      start: (onConnected: (port: unknown) => void, onFailed) =>
        scripted.ports.tcp.connect(
          { address: loopback(80), local: undefined, noDelay: true },
          { onConnected, onFailed }
        ),
      adopt: (port) => port,
      discard: () => Effect.void
    })

  it("cancels the openings under way, which fail with Closed", () => {
    const scripted = new ScriptedPorts()
    const fibers = [opening(scripted), opening(scripted)].map((one) => Effect.runFork(one))
    expect(scripted.table.attempts.size).toBe(2)
    Effect.runFork(scripted.table.shutDown)
    for (const fiber of fibers) {
      expect(fiber.pollUnsafe()).toMatchObject({
        cause: { reasons: [{ error: { operation: "Tcp.connect", reason: { _tag: "Closed" } } }] }
      })
    }
    expect(scripted.connects.map(({ isCancelled }) => isCancelled)).toEqual([true, true])
    expect(scripted.table.attempts.size).toBe(0)
  })

  it("opens nothing any more, and asks the host for nothing", () => {
    const scripted = new ScriptedPorts()
    Effect.runFork(scripted.table.shutDown)
    const exit = Effect.runSyncExit(opening(scripted))
    expect(exit).toMatchObject({ cause: { reasons: [{ error: { reason: { _tag: "Closed" } } }] } })
    expect(scripted.connects).toEqual([])
  })

  it("ends when every descriptor is free", () => {
    const { host, table } = new ScriptedPorts()
    const [first, second] = bare(table, 2)
    const fiber = Effect.runFork(table.shutDown)
    table.reportClosed(second!)
    host.settle()
    expect(fiber.pollUnsafe()).toBeUndefined()
    table.reportClosed(first!)
    host.settle()
    expect(fiber.pollUnsafe()?._tag).toBe("Success")
    expect(table.list()).toEqual([])
  })
})
