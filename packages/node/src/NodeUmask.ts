/**
 * Permission bits for a socket file, in force from its first instant.
 *
 * `bind` makes the file with 0777 less the umask, and a later chmod would leave a moment in which
 * anyone may connect. The umask belongs to the whole process, so it is changed only around a call
 * that does not return to the loop. (In a worker thread it cannot be changed: see
 * `NodeCapabilities`.)
 */
export const withMode = <A>(mode: number | undefined, bind: () => A): A => {
  if (mode === undefined) return bind()
  const before = process.umask(0o777 & ~mode)
  try {
    return bind()
  } finally {
    process.umask(before)
  }
}
