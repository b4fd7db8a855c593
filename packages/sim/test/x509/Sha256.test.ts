import { describe, expect, it } from "vitest"
import * as Utf8 from "@portico/core/dns/Utf8"
import * as DerText from "../../src/x509/DerText.ts"
import * as Sha256 from "../../src/x509/Sha256.ts"

const hexOf = (text: string): string => DerText.hexOf(Sha256.digest(Utf8.encode(text)))

// FIPS 180-2, appendix B, and NIST's example values.
describe("known digests", () => {
  it.each([
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ],
    [
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmno" +
        "ijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
    ],
    ["a".repeat(100_000), "6d1cf22d7cc09b085dfc25ee1a1f3ae0265804c607bc2074ad253bcc82fd81ee"]
  ])("of %.20s", (text, digest) => {
    expect(hexOf(text)).toBe(digest)
  })

  // The padding takes one block more from 56 bytes on.
  it("of 55 to 64 bytes", () => {
    const all = Array.from({ length: 10 }, (_, more) => hexOf("a".repeat(55 + more))).join("")
    expect(hexOf(all)).toBe("e314a83af735b629e4ccb4cc0cd957b704b39a7ba1c45168adcd966da1d8f3c5")
  })
})
