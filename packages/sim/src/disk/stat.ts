/** What `stat(2)` says of an inode. */
import type { PortFileStat } from "@portico/core/port/index"
import { pageBytes } from "./Content.ts"
import type { Inode, Instant } from "./Inode.ts"
import { utf8Bytes } from "./Utf8Length.ts"

/** The number of every host's disk. */
const device = 1n

const bytesOf = (inode: Inode): number => {
  if (inode.kind === "file") return inode.content.bytes
  if (inode.kind === "socket") return 0
  return inode.kind === "symlink" ? utf8Bytes(inode.target) : pageBytes
}

/** `epochNanos`: when the world began, since 1970. */
export const stat = (inode: Inode, epochNanos: bigint): PortFileStat => {
  const exact = (time: Instant) => (typeof time === "bigint" ? time : epochNanos + BigInt(time))
  return {
    kind: inode.kind,
    bytes: BigInt(bytesOf(inode)),
    mode: inode.mode,
    links: inode.links,
    user: inode.user,
    group: inode.group,
    device,
    inode: BigInt(inode.number),
    accessedNanos: exact(inode.accessed),
    modifiedNanos: exact(inode.modified),
    changedNanos: exact(inode.changed),
    createdNanos: exact(inode.created)
  }
}
