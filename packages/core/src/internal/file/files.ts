/** `Files` over a backend's port; without one, everything is `Unsupported`. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { FilesService } from "../../FilesService.ts"
import { IoError } from "../../IoError.ts"
import { Reason } from "../../Reason.ts"
import { Site } from "../../Site.ts"
import type { HandleTable } from "../HandleTable.ts"
import { entries } from "./entries.ts"
import { FileHost } from "./FileHost.ts"
import { open } from "./openFile.ts"
import * as Paths from "./paths.ts"
import { removeTree } from "./removeTree.ts"
import { replace } from "./replace.ts"
import { send } from "./send.ts"
import { temporaryDirectory, temporaryFile } from "./temporary.ts"
import { walk } from "./walk.ts"
import { appendFile, readFile, syncDirectory, writeFile } from "./wholeFile.ts"

export const makeFiles = (table: HandleTable): FilesService => {
  const { files, name } = table.ports
  if (files === undefined) return missing(name)
  const host = new FileHost(table, files)
  return {
    open: (path, options = {}, site = new Site()) => open(host, "Files.open", path, options, site),
    stat: (path) => Paths.stat(host, path),
    linkStat: (path) => Paths.linkStat(host, path),
    rename: (from, to) => Paths.rename(host, from, to),
    link: (existing, path) => Paths.link(host, existing, path),
    symlink: (target, path) => Paths.symlink(host, target, path),
    readLink: (path) => Paths.readLink(host, path),
    realPath: (path) => Paths.realPath(host, path),
    setMode: (path, mode) => Paths.setMode(host, path, mode),
    copy: (from, to, options) => Paths.copy(host, from, to, options),
    remove: (path) => Paths.remove(host, path),
    createDirectory: (path, options) => Paths.createDirectory(host, path, options),
    removeDirectory: (path) => Paths.removeDirectory(host, path),
    removeTree: (path) => removeTree(host, path),
    syncDirectory: (path) => syncDirectory(host, path),
    entries: (path, site = new Site()) => entries(host, path, site),
    walk: (path, options = {}, site = new Site()) => walk(host, path, options, site),
    readFile: (path, options) => readFile(host, path, options),
    writeFile: (path, bytes, options) => writeFile(host, path, bytes, options),
    appendFile: (path, bytes, options) => appendFile(host, path, bytes, options),
    replace: (path, write, options) => replace(host, path, write, options),
    temporaryFile: (options, site = new Site()) => temporaryFile(host, options, site),
    temporaryDirectory: (options) => temporaryDirectory(host, options),
    send: (file, stream, options) => send(host, file, stream, options)
  }
}

const missing = (backend: string): FilesService => {
  const reason = Reason.Unsupported({ capability: "files", backend })
  const call = (name: string) => () =>
    Effect.fail(new IoError({ operation: `Files.${name}`, reason }))
  const stream = (name: string) => () => Stream.fromEffect(call(name)())
  return {
    open: call("open"),
    stat: call("stat"),
    linkStat: call("linkStat"),
    rename: call("rename"),
    link: call("link"),
    symlink: call("symlink"),
    readLink: call("readLink"),
    realPath: call("realPath"),
    setMode: call("setMode"),
    copy: call("copy"),
    remove: call("remove"),
    createDirectory: call("createDirectory"),
    removeDirectory: call("removeDirectory"),
    removeTree: call("removeTree"),
    syncDirectory: call("syncDirectory"),
    entries: stream("entries"),
    walk: stream("walk"),
    readFile: call("readFile"),
    writeFile: call("writeFile"),
    appendFile: call("appendFile"),
    replace: call("replace"),
    temporaryFile: call("temporaryFile"),
    temporaryDirectory: call("temporaryDirectory"),
    send: call("send")
  }
}
