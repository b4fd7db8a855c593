/**
 * Effect's `FileSystem` says the same on a simulated disk as on the host, by platform-node. Not on
 * Bun: there `fs.write` without a length ignores its position, so that platform-node's files do.
 */
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import { SimBackend, SimFileSystem } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { FileSystem } from "effect/FileSystem"
import * as fs from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { expect, it } from "vitest"
import { type FileSystemProgram, fileSystemPrograms } from "./fileSystemPrograms.ts"

const over = (program: FileSystemProgram, folder: string) =>
  Effect.gen(function* () {
    const service = yield* FileSystem
    const said = yield* program(service, (name) => (name === "" ? folder : `${folder}/${name}`))
    return JSON.parse(JSON.stringify(said, plain).replaceAll(folder, "/folder")) as unknown
  }).pipe(Effect.scoped)

const plain = (_: string, value: unknown) => {
  if (typeof value === "bigint") return String(value)
  // Node's own byte arrays make objects of themselves.
  const { data } = (value ?? {}) as { readonly data?: unknown }
  return value instanceof Uint8Array ? [...value] : (data ?? value)
}

const onHost = async (program: FileSystemProgram): Promise<unknown> => {
  const folder = fs.mkdtempSync(join(fs.realpathSync(tmpdir()), "portico-parity-"))
  try {
    return await Effect.runPromise(Effect.provide(over(program, folder), NodeFileSystem.layer))
  } finally {
    fs.rmSync(folder, { recursive: true, force: true })
  }
}

const inSim = (program: FileSystemProgram, seed: number): unknown => {
  const provided = Effect.provide(
    Effect.gen(function* () {
      const service = yield* FileSystem
      yield* service.makeDirectory("/tmp/program")
      return yield* over(program, "/tmp/program")
    }),
    SimFileSystem.layer
  )
  const { exit } = SimBackend.simulate(provided, { seed, order: "random" })
  if (Exit.isSuccess(exit)) return exit.value
  throw new Error(String(exit))
}

it.each(Object.keys(fileSystemPrograms))("%s", async (name) => {
  const program = fileSystemPrograms[name]!
  const said = await onHost(program)
  for (let seed = 0; seed < 5; seed++) expect(inSim(program, seed)).toEqual(said)
})
