/**
 * A listener whose process is stopped: its backlog is soon full, and then the kernel answers
 * nobody, so that a connect stays under way (Linux).
 */
import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import type { InetPortAddress } from "@portico/core/port/index"
import type { Unanswering } from "./ConnectPortCases.ts"
import type { Side, TcpWorld } from "./WatchedTcp.ts"

const program = `
  const server = require("node:net").createServer()
  server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
    console.log(server.address().port)
  })
`

export class HungListener implements Unanswering {
  readonly address: InetPortAddress
  private readonly child: ChildProcess
  private readonly filling: ReadonlyArray<Side>

  private constructor(child: ChildProcess, address: InetPortAddress, filling: ReadonlyArray<Side>) {
    this.child = child
    this.address = address
    this.filling = filling
  }

  static async make(world: TcpWorld): Promise<HungListener> {
    const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "pipe", "inherit"] })
    const [line] = (await once(child.stdout, "data")) as [Buffer]
    child.kill("SIGSTOP")
    const address = { _tag: "Inet", host: "127.0.0.1", port: Number(line.toString()) } as const
    // The kernel holds one connection more than the backlog says.
    const filling = [await world.connect(address), await world.connect(address)]
    return new HungListener(child, address, filling)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.filling.map((side) => side.close()))
    const exited = once(this.child, "exit")
    this.child.kill("SIGKILL")
    await exited
  }
}
