/** A process that has used up its descriptors, and tries to connect and to listen. */
import { openSync } from "node:fs"
import { NodeBackend } from "@portico/node"
import type { PortFailure } from "@portico/core/port/index"

const { tcp } = NodeBackend.makePorts()
const address = { _tag: "Unix", path: "\0portico-node-exhausted" } as const
const shared = { address, noDelay: true }

const useUp = (): void => {
  for (;;) {
    try {
      openSync("/dev/null", "r")
    } catch {
      return
    }
  }
}

const connect = () =>
  new Promise<PortFailure>((onFailed, onConnected) =>
    tcp.connect({ ...shared, local: undefined }, { onConnected, onFailed })
  )

const listen = () =>
  new Promise<PortFailure>((onFailed, onListening) =>
    tcp.listen(
      {
        ...shared,
        backlog: undefined,
        acceptQueueMax: 1,
        reusePort: false,
        ipv6Only: false,
        mode: undefined
      },
      { onListening, onFailed }
    )
  )

const show = (operation: string, { reason, cause }: PortFailure): void =>
  console.log(operation, reason._tag, (cause as { code?: unknown }).code)

// The loop's own descriptors are opened by the first use.
await connect()
useUp()
show("connect", await connect())
show("listen", await listen())
process.exit()
