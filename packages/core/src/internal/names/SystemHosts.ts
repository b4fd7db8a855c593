/** The system's hosts file, read again when it was read a while ago. */
import type { BackendPorts } from "../../Backend.ts"
import { HostsFile } from "./HostsFile.ts"

/** An edit counts after this long at the latest. */
const keptMillis = 5_000

export class SystemHosts {
  private readonly ports: BackendPorts
  private text = ""
  private file = new HostsFile("")
  private readAtMillis = -Infinity

  constructor(ports: BackendPorts) {
    this.ports = ports
  }

  /** A file that has not changed is not parsed again. */
  get current(): HostsFile {
    const now = this.ports.loop.nowMillis()
    if (now - this.readAtMillis < keptMillis) return this.file
    this.readAtMillis = now
    const text = this.ports.resolver.hosts()
    if (text !== this.text) {
      this.text = text
      this.file = new HostsFile(text)
    }
    return this.file
  }
}
