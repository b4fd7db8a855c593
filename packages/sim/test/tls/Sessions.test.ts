import { Address, Tls } from "@portico/core"
import { SimBackend } from "@portico/sim"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import { describe, expect, it } from "vitest"
import * as Fixtures from "../x509/Fixtures.ts"
import { TestTls } from "./TestTls.ts"

const hour = 3_600 * 1e9

/** A world in which a client has a session. */
const withSession = () => {
  const test = new TestTls()
  return { test, session: test.secured().client.session! }
}

describe("a session", () => {
  it("is resumed without certificates, and keeps whom it is with", () => {
    const { session, test } = withSession()
    const { client, server } = test.secured({ clientSide: { session } })
    expect([client.isResumed, server.isResumed]).toEqual([true, true])
    expect(client.peerCertificate?.subject).toBe("CN=localhost, O=Portico")
    expect(client.session).not.toEqual(session)
  })

  it("of a client with a certificate keeps that, too", () => {
    const test = new TestTls()
    const serverContext = test.context({
      side: "server",
      credentials: Fixtures.other,
      trust: [Fixtures.authority]
    })
    const serverSide = { contextFor: () => serverContext, clientCertificate: "require" } as const
    const trust = [Fixtures.authority]
    const context = test.context({ credentials: Fixtures.client, trust })
    const first = test.secured({ clientSide: { context }, serverSide })
    const session = first.client.session
    const { server } = test.secured({ clientSide: { context, session }, serverSide })
    expect(server.isResumed).toBe(true)
    expect(server.peerCertificate?.subject).toContain("of tests")
    // Who has shown none earlier is asked once more where one is required.
    const optional = { ...serverSide, clientCertificate: "request" } as const
    const anonymous = test.secured({ serverSide: optional })
    const without = { session: anonymous.client.session }
    const again = test.pair({ clientSide: without, serverSide })
    expect(again.server.failure?.reason._tag).toBe("CertificateRequired")
    expect(again.client.stream?.isResumed).toBe(false)
  })

  it("is good for two hours", () => {
    const { session, test } = withSession()
    test.kernel.pass(1.9 * hour)
    expect(test.secured({ clientSide: { session } }).client.isResumed).toBe(true)
    test.kernel.pass(0.2 * hour)
    expect(test.secured({ clientSide: { session } }).client.isResumed).toBe(false)
  })

  it("does not carry trust into another context", () => {
    const { session, test } = withSession()
    const context = test.context({ trust: [Fixtures.impostor] })
    const { client } = test.pair({ clientSide: { context, session } })
    expect(client.failure?.reason._tag).toBe("CertificateUntrusted")
  })

  it("that was changed anywhere, or is none, is of no use and no harm", () => {
    const { session, test } = withSession()
    const changed = Array.from({ length: 40 }, (_, part) => {
      const bytes = session.slice()
      bytes[Math.floor((part * bytes.length) / 40)]! ^= 0x55
      return bytes
    })
    const others = [new Uint8Array(1), new Uint8Array(65_536), session.subarray(0, -1)]
    const resumed = [...changed, ...others].map((bytes) => {
      const { client, server } = test.secured({ clientSide: { session: bytes } })
      expect(client.isResumed).toBe(server.isResumed)
      return client.isResumed
    })
    // Of its parts only the time and the signatures may be others: the server knows its ticket.
    expect(resumed.filter((isResumed) => isResumed).length).toBeLessThan(30)
    expect(resumed.slice(-3)).toEqual([false, false, false])
  })
})

describe("the system's authorities", () => {
  const { certificate, key } = Fixtures.server
  const credentials = { certificate: certificate + Fixtures.between, key }

  const handshake = (authorities: ReadonlyArray<string> | undefined) => {
    const program = Effect.scoped(
      Effect.gen(function* () {
        const context = yield* Tls.serverContext({ credentials })
        const options = { port: 0, connectionsMax: 1, context }
        const server = yield* Tls.serve((stream) => stream.read, options)
        const connected = yield* Effect.result(Tls.connect(Address.toInput(server.address)))
        return connected._tag === "Success" ? "secure" : connected.failure.reason._tag
      })
    )
    const exit = SimBackend.runSync(program, { seed: 1, authorities })
    return Exit.isSuccess(exit) ? exit.value : String(exit)
  }

  it("are none, or those of the simulation's options", () => {
    expect(handshake(undefined)).toBe("CertificateUntrusted")
    expect(handshake([Fixtures.authority])).toBe("secure")
  })

  it("must be certificates", () => {
    const program = Effect.void
    expect(() => SimBackend.runSync(program, { seed: 1, authorities: ["none"] })).toThrow(
      RangeError
    )
  })
})
