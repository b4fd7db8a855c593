/**
 * The phases of Bun's loop, through the functions of libuv that Bun has for native modules: idle,
 * prepare and check handles, which its loop runs around its own poll as libuv does (seen on
 * 1.4.5). `setImmediate` shows none of them: one that re-arms keeps Bun's loop from waiting, also
 * when it is unref'd.
 */
import { CFunction, dlopen, type FFIFunction, JSCallback, type Pointer, ptr } from "bun:ffi"
import { isMainThread } from "node:worker_threads"
import type { Phase } from "@portico/core/Phase"
import type { PortHook } from "@portico/core/port/index"

/**
 * Before 1.4.4 these functions are there and end the process. `uv_default_loop` is the main
 * thread's loop in every thread. Other platforms were not tried.
 */
export const isAvailable = (platform: NodeJS.Platform): boolean =>
  platform === "linux" && isMainThread && Bun.semver.satisfies(Bun.version, ">=1.4.4")

const phases = ["idle", "prepare", "check"] as const
type HandlePhase = (typeof phases)[number]

const isHandlePhase = (phase: Phase): phase is HandlePhase => phases.some((one) => one === phase)

/** More than libuv's largest of the three, 120 bytes on 64-bit machines. */
const handleBytes = 256

type Native = (...args: ReadonlyArray<Pointer>) => unknown

// Functions of the process itself are found by name in no library: RTLD_DEFAULT is the null handle.
// Both glibc and musl answer to this file name.
const findFunction = () => {
  const { symbols } = dlopen("libc.so.6", {
    dlsym: { args: ["ptr", "cstring"], returns: "ptr" }
  })
  return (name: string, definition: FFIFunction): Native => {
    const found = symbols.dlsym(null, Buffer.from(`${name}\0`))
    if (found === null) throw new Error(`Bun has no function of this name: ${name}`)
    return CFunction({ ...definition, ptr: found }) as unknown as Native
  }
}

const makeLibrary = () => {
  const find = findFunction()
  const oneHandle: FFIFunction = { args: ["ptr"], returns: "i32" }
  const twoPointers: FFIFunction = { args: ["ptr", "ptr"], returns: "i32" }
  return {
    loop: find("uv_default_loop", { args: [], returns: "ptr" })() as Pointer,
    ref: find("uv_ref", { args: ["ptr"], returns: "void" }),
    unref: find("uv_unref", { args: ["ptr"], returns: "void" }),
    init: (phase: HandlePhase) => find(`uv_${phase}_init`, twoPointers),
    start: (phase: HandlePhase) => find(`uv_${phase}_start`, twoPointers),
    stop: (phase: HandlePhase) => find(`uv_${phase}_stop`, oneHandle)
  }
}

type Library = ReturnType<typeof makeLibrary>

/**
 * One native handle for all hooks of a phase. It is never closed, so that its memory, which the
 * loop knows by address, never has to be given back; stopped, the loop passes it by.
 */
class PhaseHandle {
  // Held: the loop knows the memory and the callback by address only.
  private readonly memory = new Uint8Array(handleBytes)
  private readonly callback = new JSCallback(() => this.run(), { args: ["ptr"], returns: "void" })
  private readonly library: Library
  private readonly startHandle: () => void
  private readonly stopHandle: () => void
  private readonly hooks = new Set<BunHook>()
  private refs = 0

  constructor(library: Library, phase: HandlePhase) {
    const address = ptr(this.memory)
    const { callback } = this
    const [start, stop] = [library.start(phase), library.stop(phase)]
    this.library = library
    library.init(phase)(library.loop, address)
    this.startHandle = () => void start(address, callback.ptr!)
    this.stopHandle = () => void stop(address)
    library.unref(address)
  }

  // A hook may remove itself or others meanwhile; one that throws costs no other its call.
  private run(): void {
    const hooks = Array.from(this.hooks)
    let next = 0
    try {
      while (next < hooks.length) hooks[next++]!.call()
    } finally {
      for (const hook of hooks.slice(next)) queueMicrotask(() => hook.call())
    }
  }

  add(hook: BunHook, isRef: boolean): void {
    this.hooks.add(hook)
    if (this.hooks.size === 1) this.startHandle()
    if (isRef && this.refs++ === 0) this.library.ref(ptr(this.memory))
  }

  delete(hook: BunHook, isRef: boolean): void {
    this.hooks.delete(hook)
    if (isRef && --this.refs === 0) this.library.unref(ptr(this.memory))
    if (this.hooks.size === 0) this.stopHandle()
  }
}

/** Where a hook is called from, ref'd and unref'd. */
interface Places {
  readonly ref: PhaseHandle
  readonly unref: PhaseHandle
}

class BunHook implements PortHook {
  private readonly places: Places
  private readonly callback: () => void
  private isRef = true
  private isRemoved = false

  constructor(places: Places, callback: () => void) {
    this.places = places
    this.callback = callback
    this.move(undefined, true)
  }

  call(): void {
    if (!this.isRemoved) this.callback()
  }

  setRef(isRef: boolean): void {
    if (this.isRemoved || isRef === this.isRef) return
    this.move(this.isRef, isRef)
    this.isRef = isRef
  }

  remove(): void {
    if (this.isRemoved) return
    this.isRemoved = true
    this.move(this.isRef, undefined)
  }

  private move(from: boolean | undefined, to: boolean | undefined): void {
    const { ref, unref } = this.places
    if (from !== undefined) (from ? ref : unref).delete(this, from)
    if (to !== undefined) (to ? ref : unref).add(this, to)
  }
}

class BunPhases {
  private readonly library = makeLibrary()
  private readonly handles = new Map<HandlePhase, PhaseHandle>()

  private handle(phase: HandlePhase): PhaseHandle {
    const handle = this.handles.get(phase) ?? new PhaseHandle(this.library, phase)
    this.handles.set(phase, handle)
    return handle
  }

  hook(phase: HandlePhase, callback: () => void): PortHook {
    // A started idle handle keeps the loop from waiting even when it is unref'd. Prepare handles
    // are called next, and do not.
    const unref = this.handle(phase === "idle" ? "prepare" : phase)
    return new BunHook({ ref: this.handle(phase), unref }, callback)
  }
}

// Held for good: the loop calls into it by address.
let shared: BunPhases | undefined

/** Calls back each time the loop enters `phase`; undefined for one that Bun does not show. */
export const hook = (phase: Phase, callback: () => void): PortHook | undefined =>
  isHandlePhase(phase) ? (shared ??= new BunPhases()).hook(phase, callback) : undefined
