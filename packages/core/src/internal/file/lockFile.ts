/** `File.lock`: a claim on the file that is open, by what it is and not by its path. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { LockKind } from "../../File.ts"
import type { IoError } from "../../IoError.ts"
import type { PortLock } from "../../port/FilePort.ts"
import * as Check from "../Check.ts"
import type { FileHandle } from "./FileHandle.ts"

const operation = "File.lock"

const release = (lock: PortLock): Effect.Effect<void> =>
  Effect.callback((resume) => lock.release(() => resume(Effect.void)))

export const lockFile = (
  file: FileHandle,
  kind: LockKind
): Effect.Effect<void, IoError, Scope.Scope> =>
  Effect.suspend(() => {
    const { capabilities, name } = file.table.ports
    const capability = kind === "shared" ? "fileLockShared" : "fileLock"
    const { port } = file.host
    if (!capabilities[capability] || port.lock === undefined) {
      return Check.unsupported(operation, capability, name)
    }
    const claimed = Effect.flatMap(file.stat, ({ device, inode }) =>
      file.call<PortLock>(operation, (done) =>
        port.lock!(`${device}-${inode}`, kind === "shared", done)
      )
    )
    return Effect.asVoid(Effect.acquireRelease(claimed, release))
  })
