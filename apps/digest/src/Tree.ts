/** The regular files at and below the paths that were asked for, in an order that never varies. */
import type * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { type DirectoryEntry, Files, IoError, Reason } from "@portico/core"

/** Names of one directory that are held at once, to be sorted. */
export const namesMax = 1_000_000

/** A file to hash, or a path of which not even that could be found out. */
export type Found =
  | { readonly path: string }
  | { readonly path: string; readonly problem: IoError.IoError }

type Entries = Stream.Stream<Found, never, Files.Files>

const join = (directory: string, name: string): string =>
  directory.endsWith("/") ? `${directory}${name}` : `${directory}/${name}`

const tooMany = (path: string) =>
  new IoError.IoError({
    operation: "digest",
    path,
    reason: Reason.Reason.ResourceExhausted({ resource: `${namesMax} names of a directory` })
  })

const byName = (left: DirectoryEntry.DirectoryEntry, right: DirectoryEntry.DirectoryEntry) =>
  left.name < right.name ? -1 : 1

/** Directories give their entries in any order, which differs between hosts. */
const sortedEntries = (path: string) =>
  Files.entries(path).pipe(
    Stream.take(namesMax + 1),
    Stream.runCollect,
    Effect.filterOrFail(
      (entries) => entries.length <= namesMax,
      () => tooMany(path)
    ),
    Effect.map((entries) => Array.from(entries as Arr.NonEmptyArray<never>).sort(byName))
  )

/** What is no regular file and no directory is passed over, symbolic links included. */
const at = (path: string, kind: string): Entries => {
  if (kind === "file") return Stream.succeed({ path })
  if (kind === "directory") return below(path)
  return kind === "unknown" ? look(path) : Stream.empty
}

const failed = (path: string) => (problem: IoError.IoError) =>
  Stream.succeed<Found>({ path, problem })

const look = (path: string): Entries =>
  Stream.unwrap(Effect.map(Files.linkStat(path), ({ kind }) => at(path, kind))).pipe(
    Stream.catch(failed(path))
  )

const below = (directory: string): Entries =>
  Stream.unwrap(
    Effect.map(sortedEntries(directory), (entries) =>
      Stream.flatMap(Stream.fromIterable(entries), ({ kind, name }) =>
        at(join(directory, name), kind)
      )
    )
  ).pipe(Stream.catch(failed(directory)))

/** One after another. What a symbolic link that was asked for leads to is hashed. */
export const files = (paths: ReadonlyArray<string>): Entries =>
  Stream.flatMap(Stream.fromIterable(paths), (path) =>
    Stream.unwrap(
      Effect.map(Files.stat(path), ({ kind }) =>
        kind === "directory" ? below(path) : Stream.succeed<Found>({ path })
      )
    ).pipe(Stream.catch(failed(path)))
  )
