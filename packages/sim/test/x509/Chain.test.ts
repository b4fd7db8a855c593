import { describe, expect, it } from "vitest"
import * as Chain from "../../src/x509/Chain.ts"
import { Malformed } from "../../src/x509/Malformed.ts"
import * as X509Certificate from "../../src/x509/X509Certificate.ts"
import * as Fixtures from "./Fixtures.ts"
import { certificateOf, derOf } from "./Reading.ts"

const certificates = Object.fromEntries(
  Object.entries(Fixtures).map(([name, fixture]) => [
    name,
    certificateOf(typeof fixture === "string" ? fixture : fixture.certificate)
  ])
) as { readonly [Name in keyof typeof Fixtures]: ReturnType<typeof certificateOf> }

type Name = keyof typeof Fixtures

const now = Date.parse("2026-06-01T00:00:00Z")

const verdict = (
  shown: ReadonlyArray<Name>,
  trust: ReadonlyArray<Name> = ["authority"],
  purpose: Chain.Purpose = "server",
  at = now
) => {
  const of = (names: ReadonlyArray<Name>) => names.map((name) => certificates[name])
  const reason = Chain.verify(of(shown), of(trust), purpose, at)
  return reason?._tag === "CertificateUntrusted" ? reason.code : reason?._tag
}

describe("a chain that leads to a trusted authority is accepted", () => {
  it("with what is between, in any order, and more", () => {
    expect(verdict(["server", "between"])).toBe(undefined)
    expect(verdict(["server", "other", "authority", "between"])).toBe(undefined)
  })

  it("with what is between trusted as well", () => {
    expect(verdict(["server"], ["between", "authority"])).toBe(undefined)
  })

  it("of one certificate that is itself trusted", () => {
    expect(verdict(["alone"], ["alone"])).toBe(undefined)
  })

  it("for the purpose that it is for", () => {
    expect(verdict(["client"], ["authority"], "client")).toBe(undefined)
    expect(verdict(["client"])).toBe("INVALID_PURPOSE")
    expect(verdict(["server", "between"], ["authority"], "client")).toBe("INVALID_PURPOSE")
  })
})

// The words are those that `openssl verify` has for the same files.
describe("any other is refused", () => {
  it.each([
    ["by an authority that is not there", ["server"], "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    ["of another authority by the same name", ["fake"], "UNABLE_TO_VERIFY_LEAF_SIGNATURE"],
    ["with that authority", ["fake", "impostor"], "SELF_SIGNED_CERT_IN_CHAIN"],
    ["that signed itself", ["alone"], "DEPTH_ZERO_SELF_SIGNED_CERT"],
    ["by one that is no authority", ["below", "server", "between"], "INVALID_CA"],
    ["before its time", ["future"], "CertificateNotYetValid"],
    ["after its time", ["expired"], "CertificateExpired"]
  ] as const)("%s", (_, shown, code) => {
    expect(verdict(shown)).toBe(code)
  })

  it("that ends short of an authority", () => {
    expect(verdict(["server", "between"], ["impostor"])).toBe("UNABLE_TO_GET_ISSUER_CERT_LOCALLY")
    expect(verdict(["server"], ["between"])).toBe("UNABLE_TO_GET_ISSUER_CERT")
  })

  it("where nobody is trusted", () => {
    expect(verdict(["other"], [])).toBe("UNABLE_TO_VERIFY_LEAF_SIGNATURE")
  })

  it("from the second after its last, and until its first", () => {
    const { validFromMillis, validToMillis } = certificates.expired
    const at = (millis: number) => verdict(["expired"], ["authority"], "server", millis)
    expect([at(validFromMillis - 1), at(validFromMillis)]).toEqual([
      "CertificateNotYetValid",
      undefined
    ])
    expect([at(validToMillis), at(validToMillis + 1)]).toEqual([undefined, "CertificateExpired"])
  })
})

describe("an authority", () => {
  const path = (changed: Partial<(typeof certificates)["server"]>) => {
    const { authority, below, between, server } = certificates
    const shown = [below, { ...server, ...changed }, between]
    const reason = Chain.verify(shown, [authority], "server", now)
    return reason?._tag === "CertificateUntrusted" ? reason.code : reason
  }

  it("must say that it is one, and that it may sign", () => {
    expect(path({ isAuthority: undefined })).toBe("INVALID_CA")
    expect(path({ isAuthority: true, maySign: false })).toBe("INVALID_CA")
  })

  it("must stand within the path length of those above", () => {
    expect(path({ isAuthority: true })).toBe("PATH_LENGTH_EXCEEDED")
  })

  it("with a critical extension that is not known is not relied on", () => {
    const known = derOf(Fixtures.between)
    // keyUsage, 2.5.29.15, becomes 2.5.29.99.
    const at = known.findIndex(
      (byte, index) => byte === 0x55 && known[index + 1] === 0x1d && known[index + 2] === 0x0f
    )
    const between = X509Certificate.decode(known.with(at + 2, 99))
    if (between instanceof Malformed) throw new Error(between.text)
    const { authority, server } = certificates
    const reason = Chain.verify([server, between], [authority], "server", now)
    expect(reason).toMatchObject({ code: "UNHANDLED_CRITICAL_EXTENSION" })
  })
})
