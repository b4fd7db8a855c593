/** The messages of a handshake so far, and what both sides make of them alone. */
import * as Utf8 from "@portico/core/dns/Utf8"
import * as Sha256 from "../x509/Sha256.ts"
import * as Octets from "./Octets.ts"

export type Side = "client" | "server"

export class Transcript {
  private readonly messages: Array<Uint8Array> = []

  add(message: Uint8Array): void {
    this.messages.push(message)
  }

  private digest(label: string): Uint8Array {
    return Sha256.digest(Octets.join(Utf8.encode(label), ...this.messages))
  }

  /** For what this side sends. */
  key(side: Side): Uint8Array {
    return this.digest(`${side} key`)
  }

  /** What stands in CertificateVerify for a signature. */
  proof(side: Side): Uint8Array {
    return this.digest(`${side} certificate verify`)
  }

  /** What Finished says: a side that has seen something else notices. */
  finished(side: Side): Uint8Array {
    return this.digest(`${side} finished`)
  }
}
