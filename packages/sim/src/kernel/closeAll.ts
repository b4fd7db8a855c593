/** What the kernel does with the descriptors of a process that has ended. */
import type { Host } from "./Host.ts"
import { Endpoint } from "./Endpoint.ts"
import { closeListener, Listener } from "./Listener.ts"
import { close } from "./Teardown.ts"
import * as UdpBind from "./UdpBind.ts"

/** Closes them in the order in which they were opened. Files of Unix sockets stay. */
export const closeAll = (host: Host): void => {
  for (const file of Array.from(host.openFiles)) {
    host.closedFile(file)
    file.release()
  }
  for (const socket of Array.from(host.open)) {
    if (socket instanceof Endpoint) close(host, socket)
    else if (socket instanceof Listener) {
      closeListener(host, socket)
      const { address } = socket
      if (address._tag === "Unix" && !address.path.startsWith("\0")) {
        host.unix.createStaleSocket(address.path)
      }
    } else UdpBind.close(host, socket)
  }
}
