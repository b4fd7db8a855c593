/** Files: every way to open what is there, what is missing, and a directory. */
import { type FileOptions, Files } from "@portico/core"
import * as Effect from "effect/Effect"
import { type Program, tell } from "./Program.ts"

const targets = ["file", "missing", "directory", "link"] as const

const prepare = Effect.gen(function* () {
  const folder = yield* Files.temporaryDirectory()
  yield* Files.writeFile(`${folder}/file`, new Uint8Array(5))
  yield* Files.createDirectory(`${folder}/directory`)
  yield* Files.symlink("file", `${folder}/link`)
  return folder
})

const opens: ReadonlyArray<Program> = (["read", "write", "readWrite"] as const).flatMap((access) =>
  (["never", "ifMissing", "exclusive"] as const).flatMap((create) =>
    targets.map((target) => openProgram({ access, create }, target))
  )
)

const more: ReadonlyArray<Program> = [
  openProgram({ access: "readWrite", truncate: true }, "file"),
  openProgram({ access: "read", truncate: true }, "file"),
  openProgram({ access: "write", append: true }, "file"),
  openProgram({ access: "readWrite", append: true, create: "ifMissing" }, "missing"),
  openProgram({ access: "read", noFollow: true }, "link"),
  openProgram({ access: "read", noFollow: true }, "file")
]

function openProgram(options: FileOptions.OpenOptions, target: string): Program {
  return {
    name: `open ${target} ${JSON.stringify(options)}`,
    run: (say) =>
      Effect.gen(function* () {
        const folder = yield* prepare
        const opened = yield* Effect.exit(Files.open(`${folder}/${target}`, options))
        yield* tell(
          say,
          "open",
          Effect.suspend(() => opened)
        )
        if (opened._tag === "Failure") return
        const file = opened.value
        yield* tell(say, "write", file.write(new Uint8Array(3)))
        yield* tell(say, "readAt", file.readAt(0, 100), ({ length }) => String(length))
        yield* tell(say, "stat", file.stat, ({ bytes }) => String(bytes))
      })
  }
}

type OnPath = (path: string, folder: string) => Effect.Effect<unknown, unknown, Files.Files>

const onPaths: { readonly [name: string]: OnPath } = {
  stat: (path) => Files.stat(path),
  linkStat: (path) => Files.linkStat(path),
  readLink: (path) => Files.readLink(path),
  remove: (path) => Files.remove(path),
  removeDirectory: (path) => Files.removeDirectory(path),
  createDirectory: (path) => Files.createDirectory(path),
  rename: (path, folder) => Files.rename(path, `${folder}/other`),
  "rename onto a file": (path, folder) => Files.rename(path, `${folder}/file`),
  "rename onto a directory": (path, folder) => Files.rename(path, `${folder}/directory`),
  link: (path, folder) => Files.link(path, `${folder}/other`),
  "make a link there": (path) => Files.symlink("anywhere", path),
  copy: (path, folder) => Files.copy(path, `${folder}/other`)
}

const paths: ReadonlyArray<Program> = Object.entries(onPaths).flatMap(([name, act]) =>
  [...targets, "file/below", "missing/below"].map((target) => ({
    name: `${name}: ${target}`,
    run: (say) =>
      Effect.gen(function* () {
        const folder = yield* prepare
        yield* tell(say, name, act(`${folder}/${target}`, folder))
        for (const other of [target, "file", "other"]) {
          yield* tell(say, other, Files.linkStat(`${folder}/${other}`), ({ kind }) => kind)
        }
      })
  }))
)

export const files: ReadonlyArray<Program> = [...opens, ...more, ...paths]
