/** A host's disk, as tests arrange it and look at it. */
import * as Effect from "effect/Effect"
import type { CrashMode, CrashReport } from "./crash.ts"
import type { DiskSpeed } from "./Device.ts"
import type { Disk, DiskProfile, DiskUsage } from "./Disk.ts"
import type { FaultAtlas } from "./FaultAtlas.ts"
import type { DiskFaults, DiskOperation } from "./DiskFaults.ts"
import { type DiskEntry, snapshot } from "./snapshot.ts"
import type { SpaceLimits } from "./Space.ts"

export interface SimDisk {
  /**
   * Loses power, and has it again: afterwards the disk holds what was durable, and of the rest what
   * `mode` leaves. Files that are open fail with `DeviceError` from then on, and so does what is
   * under way: whoever is to find the disk as a restarted host does has no fibers from before.
   */
  readonly crash: (mode: CrashMode) => Effect.Effect<CrashReport>
  readonly usage: Effect.Effect<DiskUsage>
  /** All there is, by path: as programs see it, or as a loss of power that loses all leaves it. */
  readonly snapshot: (view: "volatile" | "durable") => Effect.Effect<ReadonlyArray<DiskEntry>>
  /** A new, empty disk. Open files fail as after a crash. */
  readonly wipe: Effect.Effect<void>
  /** From now on. Faults that are left out never strike. */
  readonly setFaults: (faults: Partial<DiskFaults>) => Effect.Effect<void>
  /** What is durable without a sync, from now on. Default `posix`: nothing. */
  readonly setProfile: (profile: DiskProfile) => Effect.Effect<void>
  /** Where damage that is not reported may be, of all disks that share it. Default: anywhere. */
  readonly setAtlas: (atlas: FaultAtlas | undefined) => Effect.Effect<void>
  /** The next `count` operations of a kind fail with `DeviceError`. */
  readonly failNext: (operation: DiskOperation, count: number) => Effect.Effect<void>
  /** From now on. What is left out stays as it is. */
  readonly setSpeed: (speed: Partial<DiskSpeed>) => Effect.Effect<void>
  /** From now on, also below what is taken. What is left out stays as it is. */
  readonly setLimits: (limits: Partial<SpaceLimits>) => Effect.Effect<void>
}

export const make = (disk: Disk): SimDisk => ({
  crash: (mode) => Effect.sync(() => disk.crash(mode)),
  usage: Effect.sync(() => disk.usage()),
  snapshot: (view) => Effect.sync(() => snapshot(disk, view)),
  wipe: Effect.sync(() => disk.wipe()),
  setFaults: (faults) => Effect.sync(() => disk.setFaults(faults)),
  setProfile: (profile) => Effect.sync(() => void (disk.profile = profile)),
  setAtlas: (atlas) => Effect.sync(() => void (disk.atlas = atlas)),
  failNext: (operation, count) => Effect.sync(() => disk.faults.failNext(operation, count)),
  setSpeed: (speed) => Effect.sync(() => disk.setSpeed(speed)),
  setLimits: (limits) => Effect.sync(() => disk.setLimits(limits))
})
