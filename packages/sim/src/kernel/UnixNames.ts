/** The names of Unix sockets on a host: paths, and abstract names (a NUL, then the name). */
import type { Errno } from "./Errno.ts"
import type { Listener } from "./Listener.ts"

/** `sun_path` holds 108 bytes, one of them a NUL. */
export const pathBytesMax = 107

type Node =
  /** `listener` is undefined in a file that outlived its listener. */
  | { readonly kind: "socket"; readonly listener: Listener | undefined; readonly mode: number }
  | { readonly kind: "file" }

export class UnixNames {
  private readonly nodes = new Map<string, Node>()
  private readonly folders = new Set<string>()

  /** Gives `listener` the name, with those permission bits. */
  bind(path: string, listener: Listener, mode: number): Errno | undefined {
    if (utf8Bytes(path) > pathBytesMax) return "nameTooLong"
    if (path === "" || path === "\0") return "invalidArgument"
    if (this.nodes.has(path)) return "addressInUse"
    if (!this.hasFolder(path)) return "notFound"
    this.nodes.set(path, { kind: "socket", listener, mode })
    return undefined
  }

  /** Who listens there. A file that is no socket refuses, as a socket without a listener does. */
  find(path: string): Listener | Errno {
    if (utf8Bytes(path) > pathBytesMax) return "nameTooLong"
    const node = this.nodes.get(path)
    if (node === undefined) return path.startsWith("\0") ? "connectionRefused" : "notFound"
    return (node.kind === "socket" ? node.listener : undefined) ?? "connectionRefused"
  }

  /** Removes the name if it is still that listener's. */
  release(path: string, listener: Listener): void {
    const node = this.nodes.get(path)
    if (node?.kind === "socket" && node.listener === listener) this.nodes.delete(path)
  }

  /** Removes a socket file that nobody listens on. */
  unlink(path: string): Errno | undefined {
    const node = this.nodes.get(path)
    if (node?.kind === "file") return "notASocket"
    if (node?.listener !== undefined) return "addressInUse"
    this.nodes.delete(path)
    return undefined
  }

  /** Whether a plain file, a socket or a name is there. */
  exists(path: string): boolean {
    return this.nodes.has(path)
  }

  /** Removes what is there, even if somebody listens on it. */
  remove(path: string): void {
    this.nodes.delete(path)
  }

  /** A folder there, and those above it. */
  createFolder(path: string): void {
    const names = namesOf(path)
    for (let depth = 1; depth <= names.length; depth++) {
      this.folders.add(names.slice(0, depth).join("/"))
    }
  }

  // Until there is a disk, folders of one level are simply there: `/tmp`, `/run`.
  private hasFolder(path: string): boolean {
    const names = namesOf(path).slice(0, -1)
    return path.startsWith("\0") || names.length <= 1 || this.folders.has(names.join("/"))
  }

  /** A plain file there, instead of whatever there was. */
  createFile(path: string): void {
    this.nodes.set(path, { kind: "file" })
  }

  /** A socket file there that its listener left behind, as a killed process does. */
  createStaleSocket(path: string): void {
    this.nodes.set(path, { kind: "socket", listener: undefined, mode: 0o755 })
  }

  /** The permission bits of a socket file. */
  mode(path: string): number | undefined {
    const node = this.nodes.get(path)
    return node?.kind === "socket" ? node.mode : undefined
  }
}

const namesOf = (path: string): ReadonlyArray<string> =>
  path.split("/").filter((name) => name !== "" && name !== ".")

// `TextEncoder` belongs to hosts; this package sees none.
const utf8Bytes = (text: string): number => {
  let bytes = 0
  for (const character of text) {
    const code = character.codePointAt(0)!
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4
  }
  return bytes
}
