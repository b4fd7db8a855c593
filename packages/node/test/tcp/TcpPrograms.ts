/** Programs by name, of which each shows what only a whole process shows of a `TcpPort`. */
import { openSync } from "node:fs"
import type { ListenerPort, PortFailure, StreamPort, TcpPort } from "@portico/core/port/index"
import { connectRequest, listenRequest, loopback } from "./WatchedTcp.ts"

const nobody = { _tag: "Unix", path: `\0portico-${process.pid}-nobody` } as const

/** Has nothing but an unref'd listener, open or closed, and unref'd connections. */
const unreferenced = async (tcp: TcpPort): Promise<void> => {
  const open = await connected(tcp)
  open.setRef(false)
  const closed = await connected(tcp)
  closed.close()
  console.log("connected")
}

const connected = async (tcp: TcpPort): Promise<ListenerPort> => {
  const listener = await new Promise<ListenerPort>((onListening, onFailed) =>
    tcp.listen(listenRequest(loopback), { onListening, onFailed })
  )
  const accepted = new Promise<void>((resolve) =>
    listener.attach({
      onAcceptable: () => {
        unref(listener.tryAccept() as StreamPort)
        resolve()
      },
      onClosed: () => {}
    })
  )
  const request = connectRequest(listener.localAddress)
  unref(
    await new Promise<StreamPort>((onConnected, onFailed) =>
      tcp.connect(request, { onConnected, onFailed })
    )
  )
  await accepted
  return listener
}

const unref = (stream: StreamPort): void => {
  stream.attach({ onReadable: () => {}, onWritable: () => {}, onClosed: () => {} })
  stream.setRef(false)
}

/** Has used up its descriptors, and tries to connect and to listen. */
const withoutDescriptors = async (tcp: TcpPort): Promise<void> => {
  const connect = () =>
    new Promise<PortFailure>((onFailed, onConnected) =>
      tcp.connect(connectRequest(nobody), { onConnected, onFailed })
    )
  const listen = () =>
    new Promise<PortFailure>((onFailed, onListening) =>
      tcp.listen(listenRequest(nobody), { onListening, onFailed })
    )
  // The loop's own descriptors are opened by the first use.
  await connect()
  for (const attempt of [connect, listen]) {
    // Node reads NODE_EXTRA_CA_CERTS on a thread of its own, which gives one back meanwhile.
    useUp()
    const { reason, cause } = await attempt()
    console.log(attempt.name, reason._tag, (cause as { code?: unknown }).code)
  }
  process.exit()
}

const useUp = (): void => {
  for (;;) {
    try {
      openSync("/dev/null", "r")
    } catch {
      return
    }
  }
}

export const tcpPrograms = { unreferenced, withoutDescriptors }
