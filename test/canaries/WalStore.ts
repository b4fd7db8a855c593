/**
 * Values by key, in memory and in a log of the writes since the last checkpoint. Each flaw is one
 * that is easily overlooked, as nothing shows it until the power fails.
 */
import { type File, Files } from "@portico/core"
import * as Effect from "effect/Effect"
import * as Semaphore from "effect/Semaphore"

/**
 * - `early`: a write is acknowledged before it is synced, which is done every 20 ms;
 * - `renamed`: the log is cut before the directory is synced, so before the checkpoint's name is;
 * - `trusting`: records have no checksum: one that the crash has torn is taken for a write.
 */
export type Flaw = "early" | "renamed" | "trusting"

const directory = "/tmp"
const checkpoint = `${directory}/checkpoint`
const recordBytes = 4
const recordsMax = 5

// Never 0, as a file may have become longer by zeroes.
const checksum = (key: number, value: number): number => 1 + ((key * 31 + value) % 255)

const encode = (key: number, value: number): Uint8Array =>
  Uint8Array.of(key, value, checksum(key, value), 10)

export class WalStore {
  readonly values = new Map<number, number>()
  private readonly log: File.File
  private readonly flaw: Flaw | undefined
  private readonly turn = Semaphore.makeUnsafe(1)
  private end = 0

  constructor(log: File.File, flaw: Flaw | undefined) {
    this.log = log
    this.flaw = flaw
  }

  recover(saved: Uint8Array, logged: Uint8Array) {
    this.replay(saved)
    this.end = this.replay(logged)
    return Effect.andThen(this.log.truncate(this.end), this.log.sync)
  }

  // Gives how many bytes could be used.
  private replay(bytes: Uint8Array): number {
    let end = 0
    for (; end + recordBytes <= bytes.length; end += recordBytes) {
      const [key, value, sum] = bytes.subarray(end)
      if (this.flaw !== "trusting" && sum !== checksum(key!, value!)) break
      this.values.set(key!, value!)
    }
    return end
  }

  put(key: number, value: number) {
    return this.turn.withPermit(
      Effect.gen({ self: this }, function* () {
        yield* this.log.writeAt(this.end, encode(key, value))
        this.end += recordBytes
        if (this.flaw !== "early") yield* this.log.syncData
        this.values.set(key, value)
        if (this.end >= recordsMax * recordBytes) yield* this.save()
      })
    )
  }

  private save() {
    return Effect.gen({ self: this }, function* () {
      const path = `${checkpoint}.new`
      const records = [...this.values].map(([key, value]) => encode(key, value))
      const file = yield* Files.open(path, { access: "write", create: "ifMissing", truncate: true })
      yield* file.write(...records)
      yield* file.sync
      yield* Files.rename(path, checkpoint)
      if (this.flaw !== "renamed") yield* Files.syncDirectory(directory)
      yield* this.log.truncate(0)
      yield* this.log.sync
      this.end = 0
    }).pipe(Effect.scoped)
  }
}

const nothing = new Uint8Array()

/** What was there before the process began is there again. */
export const open = (flaw: Flaw | undefined) =>
  Effect.gen(function* () {
    const path = `${directory}/log`
    const log = yield* Files.open(path, { access: "write", create: "ifMissing" })
    yield* Files.syncDirectory(directory)
    const saved = yield* Files.readFile(checkpoint, { bytesMax: 1024 }).pipe(
      Effect.catchReason("IoError", "NotFound", () => Effect.succeed(nothing))
    )
    const store = new WalStore(log, flaw)
    yield* store.recover(saved, yield* Files.readFile(path, { bytesMax: 1024 }))
    const sync = Effect.andThen(Effect.sleep("20 millis"), log.syncData)
    if (flaw === "early") yield* Effect.forkScoped(Effect.forever(sync))
    return store
  })
