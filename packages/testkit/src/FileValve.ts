/**
 * The backend's files with a valve before the host: while it is shut, requests that core has begun
 * wait there, and the law says when the host gets each.
 */
import type { FilePort, PortDirectory, PortFile } from "@portico/core/port"
import * as Effect from "effect/Effect"
import { overriding, type PortChange } from "./FaultyPorts.ts"

interface Held {
  /** As the port calls it: `open`, `read`. */
  readonly name: string
  readonly pass: () => void
}

type Done = (result: unknown) => void
type Method = (...args: ReadonlyArray<unknown>) => void

export class FileValve {
  isShut = false
  /** What memory has of the files; nothing here, where the valve would not see it go by. */
  readCached: PortFile["readCached"] = undefined
  private readonly requestsMax: number | undefined
  /** What the host was asked for so far, held or not, in order: `open /a`, `read`. */
  readonly asked: Array<string> = []
  readonly held: Array<Held> = []
  /** The most that was with the host at once. */
  mostAtOnce = 0
  private atOnce = 0
  private readonly watchers = new Set<() => void>()

  /** `requestsMax` is how many may be with the host at once, if fewer than it says itself. */
  constructor(requestsMax?: number) {
    this.requestsMax = requestsMax
  }

  /** Lets the one pass that came first. */
  pass(): void {
    this.held.shift()?.pass()
  }

  open(): void {
    this.isShut = false
    while (this.held.length > 0) this.pass()
  }

  /** Waits until `isSo`, looking at each request; a disk takes its time, so turns do not count. */
  until(isSo: () => boolean): Effect.Effect<void> {
    return Effect.callback((resume) => {
      const look = () => {
        if (!isSo()) return
        this.watchers.delete(look)
        resume(Effect.void)
      }
      this.watchers.add(look)
      look()
      return Effect.sync(() => void this.watchers.delete(look))
    })
  }

  readonly change: PortChange = (ports) => ({ ...ports, files: this.watch(ports.files!) })

  private watch(port: FilePort): FilePort {
    const watched: Record<string, unknown> = {}
    for (const name of methods) {
      const method = Reflect.get(port, name) as Method | undefined
      if (method !== undefined) watched[name] = this.method(name, method.bind(port) as Method)
    }
    if (this.requestsMax !== undefined) {
      watched["operationsMax"] = watched["longOperationsMax"] = this.requestsMax
    }
    return overriding(port, watched as Partial<FilePort>)
  }

  private readonly wrap = (value: unknown): unknown => {
    if (typeof value !== "object" || value === null || !("close" in value)) return value
    const handle = value as PortFile | PortDirectory
    const watched: Record<string, unknown> = { readCached: this.readCached }
    for (const name of handleMethods) {
      const method = Reflect.get(handle, name) as Method | undefined
      if (method !== undefined) watched[name] = this.method(name, method.bind(handle) as Method)
    }
    return overriding(handle as object, watched)
  }

  private method(name: string, call: Method): Method {
    return (...args) => {
      const done = args.at(-1) as Done
      const counted: Done = (result) => {
        this.atOnce--
        done(this.wrap(result))
      }
      const [first] = args
      this.asked.push(typeof first === "string" ? `${name} ${first}` : name)
      this.mostAtOnce = Math.max(this.mostAtOnce, ++this.atOnce)
      const pass = () => call(...args.slice(0, -1), counted)
      if (this.isShut) this.held.push({ name, pass })
      else pass()
      for (const look of Array.from(this.watchers)) look()
    }
  }
}

const methods: ReadonlyArray<keyof FilePort> = [
  "open",
  "readWhole",
  "openDirectory",
  "list",
  "stat",
  "rename",
  "link",
  "symlink",
  "readLink",
  "realPath",
  "unlink",
  "createDirectory",
  "removeDirectory",
  "setMode",
  "copy"
]

const handleMethods = ["read", "write", "sync", "truncate", "allocate", "stat", "setTimes", "close"]
