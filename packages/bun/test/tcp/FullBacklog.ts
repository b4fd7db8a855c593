/**
 * A listener that the host's API cannot make: backlog 0 and no accept, so that after one
 * connection the kernel drops what comes, and a connect stays under way (Linux).
 */
import { dlopen, ptr } from "bun:ffi"
import type { InetPortAddress } from "@portico/core/port/index"
import type { Unanswering } from "../../../node/test/tcp/ConnectPortCases.ts"
import type { Side, TcpWorld } from "../../../node/test/tcp/WatchedTcp.ts"

const libc = () =>
  dlopen("libc.so.6", {
    socket: { args: ["i32", "i32", "i32"], returns: "i32" },
    bind: { args: ["i32", "ptr", "u32"], returns: "i32" },
    listen: { args: ["i32", "i32"], returns: "i32" },
    getsockname: { args: ["i32", "ptr", "ptr"], returns: "i32" },
    close: { args: ["i32"], returns: "i32" }
  })

const AF_INET = 2
const SOCK_STREAM_CLOEXEC = 1 | 0o2000000

export class FullBacklog implements Unanswering {
  readonly address: InetPortAddress
  private readonly libc = libc()
  private readonly descriptor: number
  private filling: Side | undefined = undefined

  static async make(world: TcpWorld): Promise<FullBacklog> {
    const backlog = new FullBacklog()
    backlog.filling = await world.connect(backlog.address)
    return backlog
  }

  private constructor() {
    const { socket, bind, listen, getsockname } = this.libc.symbols
    this.descriptor = socket(AF_INET, SOCK_STREAM_CLOEXEC, 0)
    // sockaddr_in: family (host order), port and address (network order).
    const name = Buffer.alloc(16)
    name.writeUInt16LE(AF_INET, 0)
    name.set([127, 0, 0, 1], 4)
    const length = Buffer.from([16, 0, 0, 0])
    const results = [
      bind(this.descriptor, ptr(name), 16),
      listen(this.descriptor, 0),
      getsockname(this.descriptor, ptr(name), ptr(length))
    ]
    if (this.descriptor < 0 || results.some((result) => result !== 0)) {
      throw new Error("Cannot make a listener with backlog 0")
    }
    this.address = { _tag: "Inet", host: "127.0.0.1", port: name.readUInt16BE(2) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.filling?.close()
    this.libc.symbols.close(this.descriptor)
    this.libc.close()
  }
}
