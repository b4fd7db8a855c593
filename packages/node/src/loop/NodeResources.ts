/** What Node says keeps the process alive. */
import { Socket } from "node:net"

/**
 * By Node's own names: `TCPServerWrap`, `Timeout`, `FSReqCallback`. Bun names none.
 *
 * Standard output and error are listed by Node once they were used, and keep nothing alive.
 */
export const hostResources = (): ReadonlyArray<string> => {
  const names = process.getActiveResourcesInfo()
  for (const stream of [process.stdout, process.stderr]) {
    const name = stream.isTTY ? "TTYWrap" : stream instanceof Socket ? "PipeWrap" : ""
    const index = names.indexOf(name)
    if (index >= 0) names.splice(index, 1)
  }
  return names
}
