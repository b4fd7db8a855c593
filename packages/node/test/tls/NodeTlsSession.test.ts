import { describe, expect, it } from "vitest"
import * as NodeTlsSession from "../../src/tls/NodeTlsSession.ts"

const ticket = Uint8Array.of(1, 2, 3)
const certificate = Uint8Array.of(48, 5)

describe("a session", () => {
  it("is its ticket and certificate again", () => {
    for (const session of [
      { ticket, certificate },
      { ticket, certificate: undefined }
    ]) {
      expect(NodeTlsSession.decode(NodeTlsSession.encode(session))).toEqual(session)
    }
  })

  it("may lie anywhere in a larger array", () => {
    const encoded = NodeTlsSession.encode({ ticket, certificate })
    const larger = new Uint8Array(encoded.length + 10)
    larger.set(encoded, 7)
    const view = larger.subarray(7, 7 + encoded.length)
    expect(NodeTlsSession.decode(view)).toEqual({ ticket, certificate })
  })

  it("is undefined when it is too short for what it says", () => {
    const encoded = NodeTlsSession.encode({ ticket, certificate })
    for (let length = 0; length <= 6; length++) {
      expect(NodeTlsSession.decode(encoded.subarray(0, length))).toBeUndefined()
    }
    expect(NodeTlsSession.decode(Uint8Array.of(255, 255, 255, 255, 1))).toBeUndefined()
  })
})
