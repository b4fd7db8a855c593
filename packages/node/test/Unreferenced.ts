/** A process with nothing but an unref'd listener, open or closed, and unref'd connections. */
import { NodeBackend } from "@portico/node"
import type { ListenerPort, StreamPort } from "@portico/core/port/index"

const { tcp } = NodeBackend.makePorts()
const loopback = { _tag: "Inet", host: "127.0.0.1", port: 0 } as const

const listen = () =>
  new Promise<ListenerPort>((onListening, onFailed) =>
    tcp.listen(
      {
        address: loopback,
        backlog: undefined,
        acceptQueueMax: 1,
        reusePort: false,
        ipv6Only: false,
        noDelay: true,
        mode: undefined
      },
      { onListening, onFailed }
    )
  )

const connectTo = ({ localAddress: address }: ListenerPort) =>
  new Promise<StreamPort>((onConnected, onFailed) =>
    tcp.connect({ address, local: undefined, noDelay: true }, { onConnected, onFailed })
  )

const unref = (stream: StreamPort): void => {
  stream.attach({ onReadable: () => {}, onWritable: () => {}, onClosed: () => {} })
  stream.setRef(false)
}

const connected = async (): Promise<ListenerPort> => {
  const listener = await listen()
  const accepted = new Promise<void>((resolve) =>
    listener.attach({
      onAcceptable: () => {
        unref(listener.tryAccept() as StreamPort)
        resolve()
      },
      onClosed: () => {}
    })
  )
  unref(await connectTo(listener))
  await accepted
  return listener
}

const open = await connected()
open.setRef(false)
const closed = await connected()
closed.close()
console.log("connected")
