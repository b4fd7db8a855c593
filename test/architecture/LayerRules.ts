/**
 * Who may know whom, and who may know the host.
 */
import { constants } from "node:os"
import { join, normalize } from "node:path"
import { at, type File, packageOf, type Problem } from "./Repository.ts"
import { importsOf, linesMatching, scan } from "./Source.ts"

// What each package may import besides its own files.
const allowed: Readonly<Record<string, RegExp>> = {
  core: /^effect(\/|$)/,
  sim: /^(effect|@portico\/core)(\/|$)/,
  testkit: /^(effect|@portico\/core)(\/|$)/,
  node: /^(effect|@portico\/core)(\/|$)|^node:/,
  bun: /^(effect|@portico\/(core|node)|bun)(\/|$)|^(node|bun):/
}

const isOwnFile = (file: File, name: string, specifier: string) =>
  specifier.startsWith(".") &&
  normalize(join(file.path, "..", specifier)).startsWith(`packages/${name}/src/`)

export const packageImports = (file: File): ReadonlyArray<Problem> => {
  const name = packageOf(file)
  if (name === undefined) return []
  return importsOf(scan(file.text))
    .filter((specifier) => !isOwnFile(file, name, specifier))
    .filter((specifier) => !allowed[name]?.test(specifier))
    .map((specifier) => `${file.path} imports ${specifier}`)
}

// These start processes or measure hosts; they are not programs that a backend is chosen for.
const hostApps = new Set(["bench", "demo", "launcher"])

const isProgram = (file: File) => {
  const app = /^apps\/([^/]+)\/src\/(?!main\.)/.exec(file.path)?.[1]
  return app !== undefined && !hostApps.has(app)
}

const hostFree = new Set(["core", "sim", "testkit"])

// A member (`x.process`), a key (`process:`) and a longer name (`DateTime`) are not the global.
const hostGlobal = new RegExp(
  "(?<![.\\w$#])(?:" +
    [
      "Bun|Deno|process|globalThis|global|require|Buffer|performance|crypto|fetch|navigator",
      "setTimeout|setInterval|setImmediate|queueMicrotask|Date|console|Math\\s*\\.\\s*random"
    ].join("|") +
    ")(?![\\w$])(?!\\s*\\??:(?!:))"
)

export const hostGlobals = (file: File): ReadonlyArray<Problem> =>
  hostFree.has(packageOf(file) ?? "")
    ? linesMatching(scan(file.text).code, hostGlobal).map((line) =>
        at(file, line, "uses a global of the host")
      )
    : []

const sniffing = new RegExp(
  [
    /typeof\s+(?:globalThis\.)?(?:Bun|Deno|process|require|window)\b/,
    /["'](?:Bun|Deno|process)["']\s+in\b/,
    /\bglobalThis\s*(?:\.|\[)/,
    /\bprocess\s*\??\.\s*(?:versions?|release|isBun)\b/,
    /\bnavigator\s*\??\.\s*userAgent\b/
  ]
    .map((pattern) => pattern.source)
    .join("|")
)

/** No file asks at run time which host it is on. */
export const hostSniffing = (file: File): ReadonlyArray<Problem> =>
  packageOf(file) !== undefined || isProgram(file)
    ? linesMatching(scan(file.text).text, sniffing).map((line) =>
        at(file, line, "asks which host it is on")
      )
    : []

/** What a program is made of names no backend: only `main.<host>.ts` chooses one. */
export const programImports = (file: File): ReadonlyArray<Problem> =>
  isProgram(file)
    ? importsOf(scan(file.text))
        .filter((specifier) => !/^\.|^(effect|@portico\/(core|app-kit))(\/|$)/.test(specifier))
        .map((specifier) => `${file.path} imports ${specifier}`)
    : []

const resolverCodes = ["ENOTFOUND", "ENODATA", "ESERVFAIL", "EREFUSED", "EAI_AGAIN", "EAI_FAIL"]
const errorCode = new RegExp(
  `\\b(?:${[...Object.keys(constants.errno), ...resolverCodes].join("|")})\\b`
)

/** Of one package's files: a platform's error code appears in at most one. */
export const errorCodes = (files: ReadonlyArray<File>): ReadonlyArray<Problem> => {
  const knowing = files.filter((file) => errorCode.test(scan(file.text).text))
  return knowing.length > 1 ? knowing.map((file) => `${file.path} names an error code`) : []
}
