/** What hosts answer when they refuse a file, by their real errors; on Node and on Bun. */
import { BackendLayer, Files, type IoError, type Reason } from "@portico/core"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { existsSync } from "node:fs"
import { expect, it } from "vitest"
import { makePorts } from "../../src/NodeBackend.ts"
import { fileFailure } from "../../src/NodeErrno.ts"

const reasonOf = <A>(
  effect: Effect.Effect<A, IoError.IoError, Files.Files | Scope.Scope>
): Promise<string> =>
  Effect.runPromise(
    Effect.scoped(effect).pipe(
      Effect.match({
        onSuccess: () => "success",
        onFailure: (error) => error.reason._tag as Reason.Reason["_tag"]
      }),
      Effect.provide(BackendLayer.fromPorts(Effect.sync(makePorts)))
    )
  )

const written = (path: string) =>
  Effect.flatMap(Files.open(path, { access: "write" }), (file) => file.write(new Uint8Array(10)))

const cases: ReadonlyArray<
  readonly [
    code: string,
    needs: string,
    reason: string,
    ask: Effect.Effect<unknown, IoError.IoError, Files.Files | Scope.Scope>
  ]
> = [
  ["ENOSPC", "/dev/full", "NoSpace", written("/dev/full")],
  [
    "EIO",
    "/proc/self/mem",
    "DeviceError",
    Effect.flatMap(Files.open("/proc/self/mem"), (file) => file.readAt(0, 1))
  ],
  [
    "EXDEV",
    "/dev/shm",
    "CrossDevice",
    Effect.gen(function* () {
      const shared = yield* Files.temporaryDirectory({ directory: "/dev/shm" })
      const file = yield* Files.temporaryFile({ directory: "/var/tmp" })
      yield* Files.rename(file.path, `${shared}/a`)
    })
  ],
  ["EPERM", "/tmp", "PermissionDenied", Files.link("/tmp", "/tmp/a-link-to-a-directory")],
  ["EACCES", "/proc/self/stat", "PermissionDenied", Files.remove("/proc/self/stat")],
  ["ETXTBSY", process.execPath, "Busy", Files.open(process.execPath, { access: "write" })],
  [
    "EFBIG",
    "/tmp",
    "FileTooLarge",
    Effect.flatMap(Files.temporaryFile({ directory: "/tmp" }), (file) =>
      file.truncate(Number.MAX_SAFE_INTEGER)
    )
  ],
  ["EINVAL", "/dev/null", "InvalidArgument", Files.readLink("/dev/null")],
  [
    "EINVAL of fsync",
    "/dev/null",
    "InvalidArgument",
    Effect.flatMap(Files.open("/dev/null"), (file) => file.sync)
  ]
]

it.each(cases.filter(([, needs]) => existsSync(needs)))(
  "%s, by %s, is %s",
  async (_, __, reason, ask) => {
    expect(await reasonOf(ask)).toBe(reason)
  }
)

/** Those that no host gives on request here. */
const meanings: Readonly<Record<string, object>> = {
  EAGAIN: { _tag: "Busy" },
  EBADF: { _tag: "Broken" },
  EBUSY: { _tag: "Busy" },
  EDQUOT: { _tag: "NoSpace" },
  EMLINK: { _tag: "ResourceExhausted", resource: "links of the file" },
  ENODEV: { _tag: "NotFound" },
  ENXIO: { _tag: "NotFound" },
  EOVERFLOW: { _tag: "FileTooLarge" },
  EROFS: { _tag: "PermissionDenied" },
  ESTALE: { _tag: "Broken" }
}

it.each(Object.entries(meanings))("%s of a file has its noun", (code, noun) => {
  const error = Object.assign(new Error(code), { code })
  expect(fileFailure(error)).toMatchObject({ reason: noun, cause: error })
})

it("a pipe has no positions: ESPIPE names the argument", () => {
  const error = Object.assign(new Error("ESPIPE"), { code: "ESPIPE" })
  expect(fileFailure(error).reason._tag).toBe("InvalidArgument")
})
