/** Files and directories that are opened, and closed with their scope. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { OpenOptions } from "../../FileOptions.ts"
import type { IoError } from "../../IoError.ts"
import type { FileOpenRequest, PortDirectory, PortFile } from "../../port/FilePort.ts"
import type { Site } from "../../Site.ts"
import { scoped } from "../scoped.ts"
import type { DescriptorHandle } from "./DescriptorHandle.ts"
import { DirectoryHandle } from "./DirectoryHandle.ts"
import { checkOpen, checkPath, toRequest } from "./FileArguments.ts"
import { FileHandle } from "./FileHandle.ts"
import type { FileHost } from "./FileHost.ts"
import { type PathAsk, pathCall } from "./PathCall.ts"

/** Asks for a handle; interrupted however late, its descriptor is given back. */
const opening = <P extends { close(done: () => void): void }, H extends DescriptorHandle>(
  host: FileHost,
  asked: Omit<PathAsk<P, H>, "discard">
): Effect.Effect<H, IoError, Scope.Scope> =>
  scoped(
    (restore) => {
      // Between its callback and this fiber's next step the handle is nobody's but ours.
      let adopted: H | undefined
      const opened = pathCall<P, H>(host, {
        ...asked,
        adopt: (port) => (adopted = asked.adopt(port)),
        discard: (port) => asked.adopt(port).closeUnsafe()
      })
      return Effect.onError(restore(opened), () => adopted?.close ?? Effect.void)
    },
    (handle) => handle.close
  )

/** Asks for an open file, with the arguments checked. */
export const openRequest = (
  host: FileHost,
  operation: string,
  request: FileOpenRequest,
  site: Site
): Effect.Effect<FileHandle, IoError, Scope.Scope> =>
  opening<PortFile, FileHandle>(host, {
    operation,
    path: request.path,
    isLong: true,
    ask: (port, done) => port.open(request, done),
    adopt: (port) => new FileHandle(host, port, request, site)
  })

export const open = (
  host: FileHost,
  operation: string,
  path: string,
  options: OpenOptions,
  site: Site
): Effect.Effect<FileHandle, IoError, Scope.Scope> => {
  const request = toRequest(path, options)
  return checkOpen(operation, request) ?? openRequest(host, operation, request, site)
}

export const openDirectory = (
  host: FileHost,
  operation: string,
  path: string,
  site: Site
): Effect.Effect<DirectoryHandle, IoError, Scope.Scope> =>
  checkPath(operation, "path", path) ??
  opening<PortDirectory, DirectoryHandle>(host, {
    operation,
    path,
    ask: (port, done) => port.openDirectory(path, done),
    adopt: (port) => new DirectoryHandle(host, port, path, site)
  })
