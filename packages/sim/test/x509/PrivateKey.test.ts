import { generateKeyPairSync } from "node:crypto"
import { describe, expect, it } from "vitest"
import * as PrivateKey from "../../src/x509/PrivateKey.ts"
import * as PublicKey from "../../src/x509/PublicKey.ts"
import { Der } from "../../src/x509/Der.ts"
import * as Fixtures from "./Fixtures.ts"
import { certificateOf, derOf, keyOf } from "./Reading.ts"

const spki = { type: "spki", format: "pem" } as const
const formats = { pkcs8: "PKCS#8", sec1: "SEC 1", pkcs1: "PKCS#1" } as const

const pairs = {
  "P-256": (type: "pkcs8" | "sec1") =>
    generateKeyPairSync("ec", {
      namedCurve: "P-256",
      publicKeyEncoding: spki,
      privateKeyEncoding: { type, format: "pem" }
    }),
  "P-384": (type: "pkcs8" | "sec1") =>
    generateKeyPairSync("ec", {
      namedCurve: "P-384",
      publicKeyEncoding: spki,
      privateKeyEncoding: { type, format: "pem" }
    }),
  RSA: (type: "pkcs8" | "pkcs1") =>
    generateKeyPairSync("rsa", {
      modulusLength: 1024,
      publicKeyEncoding: spki,
      privateKeyEncoding: { type, format: "pem" }
    })
}

const publicOf = (pem: string): PublicKey.PublicKey => PublicKey.read(new Der(derOf(pem)))

describe("a key is its own public key's, and no other's", () => {
  it.each([
    ["P-256", "pkcs8"],
    ["P-256", "sec1"],
    ["P-384", "pkcs8"],
    ["RSA", "pkcs8"],
    ["RSA", "pkcs1"]
  ] as const)("%s in %s", (name, type) => {
    const make = pairs[name] as (type: keyof typeof formats) => {
      readonly publicKey: string
      readonly privateKey: string
    }
    const own = make(type)
    const other = make(type)
    const key = keyOf(own.privateKey)
    expect(PrivateKey.belongsTo(key, publicOf(own.publicKey))).toBe(true)
    expect(PrivateKey.belongsTo(key, publicOf(other.publicKey))).toBe(false)
    const foreign = certificateOf(
      name === "RSA" ? Fixtures.server.certificate : Fixtures.client.certificate
    )
    expect(PrivateKey.belongsTo(key, foreign.publicKey)).toBe(false)
  })

  it("Ed25519, as far as that it is one", () => {
    const key = keyOf(Fixtures.alone.key)
    expect(PrivateKey.belongsTo(key, certificateOf(Fixtures.alone.certificate).publicKey)).toBe(
      true
    )
    const other = certificateOf(Fixtures.server.certificate)
    expect(PrivateKey.belongsTo(key, other.publicKey)).toBe(false)
  })

  it.each([
    ["server", Fixtures.server],
    ["client", Fixtures.client],
    ["other", Fixtures.other]
  ])("of the fixture %s", (_, { certificate, key }) => {
    expect(PrivateKey.belongsTo(keyOf(key), certificateOf(certificate).publicKey)).toBe(true)
    const foreign = certificateOf(Fixtures.expired.certificate)
    expect(PrivateKey.belongsTo(keyOf(key), foreign.publicKey)).toBe(false)
  })
})
