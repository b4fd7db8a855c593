/** What is said of each mistake that a SOCKS client can make, and what the relay keeps of names. */
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { Reason } from "@portico/core"
import { describe, expect, it } from "vitest"
import { Credentials, parseUser } from "../src/socks/Credentials.ts"
import * as Reply from "../src/socks/Reply.ts"
import { readCredentials, readGreeting, readRequest, type Source } from "../src/socks/Request.ts"
import { SocksError } from "../src/socks/SocksError.ts"
import * as Target from "../src/Target.ts"
import { credentials, loopback, toIpv6Loopback, toName } from "./RelayWorld.ts"

/** Gives the bytes, and fails with "ended" where they end. */
const sourceOf = (bytes: ReadonlyArray<number>): Source<"ended"> => {
  let taken = 0
  return {
    readExactly: (count) =>
      Effect.suspend(() => {
        const chunk = Uint8Array.from(bytes.slice(taken, taken + count))
        taken += count
        return chunk.length === count ? Effect.succeed(chunk) : Effect.fail("ended" as const)
      })
  }
}

type Read = (source: Source<"ended">) => Effect.Effect<unknown, SocksError | "ended">

const failure = (read: Read, bytes: ReadonlyArray<number>) =>
  Effect.runSync(Effect.flip(read(sourceOf(bytes))))

describe("a mistake in what a SOCKS client sends has a name, a place and a value", () => {
  it.each([
    [readGreeting, [4, 1, 0], "greeting", "WrongVersion", 4],
    [readGreeting, [5, 0], "greeting", "NoMethods", undefined],
    [readCredentials, [5, 1, 65, 1, 66], "credentials", "WrongVersion", 5],
    [readCredentials, [1, 0, 1, 66], "credentials", "EmptyName", undefined],
    [readCredentials, [1, 1, 65, 0], "credentials", "EmptyPassword", undefined],
    [readRequest, [6, 1, 0, 1], "request", "WrongVersion", 6],
    [readRequest, [5, 2, 0, 1], "request", "UnsupportedCommand", 2],
    [readRequest, [5, 1, 7, 1], "request", "ReservedByte", 7],
    [readRequest, [5, 1, 0, 2], "request", "UnsupportedAddressType", 2],
    [readRequest, [5, 1, 0, 3, 0], "request", "EmptyHost", undefined],
    [readRequest, toName("a b", 80), "request", "InvalidHost", "a b"],
    [readRequest, toName("a\0b", 80), "request", "InvalidHost", "a\0b"],
    [readRequest, toName("999.1.1.1", 80), "request", "InvalidHost", "999.1.1.1"],
    [readRequest, loopback(0), "request", "PortZero", undefined]
  ] as const)("%o %j: %s, %s, %j", (read, bytes, where, problem, value) => {
    const error = failure(read, bytes)
    expect(error).toBeInstanceOf(SocksError)
    expect(error).toMatchObject({ where, problem, value })
  })

  it("and one line for people", () => {
    const { message } = failure(readRequest, toName("a\nb", 80)) as SocksError
    expect(message).toBe('SOCKS request, the host name is none: "a\\nb"')
  })

  it.each([
    [readGreeting, [5, 3, 1, 2, 0]],
    [readCredentials, credentials("ann", "secret")],
    [readRequest, loopback(80)],
    [readRequest, toIpv6Loopback(80)],
    [readRequest, toName("example.org", 80)]
  ] as const)("what is cut short anywhere is that, and nothing else: %o", (read, bytes) => {
    for (let count = 0; count < bytes.length; count += 1) {
      expect(failure(read, bytes.slice(0, count))).toBe("ended")
    }
    Effect.runSync((read as Read)(sourceOf(bytes)))
  })

  it("names are kept in lower case and in ASCII, literals in their short form", () => {
    const hostOf = (name: string) => Effect.runSync(readRequest(sourceOf(toName(name, 80)))).host
    expect(hostOf("Example.ORG")).toBe("example.org")
    expect(hostOf("bücher.example")).toBe("xn--bcher-kva.example")
    expect(hostOf("0:0::1")).toBe("::1")
  })
})

describe("a reply", () => {
  it.each([
    [Reason.Reason.ConnectionRefused(), 5],
    [Reason.Reason.HostUnreachable(), 4],
    [Reason.Reason.NameNotFound(), 4],
    [Reason.Reason.AddressNotAvailable(), 3],
    [Reason.Reason.TimedOut(), 6],
    [Reason.Reason.PermissionDenied(), 2],
    [Reason.Reason.ResourceExhausted({ resource: "descriptors" }), 1],
    [Reason.Reason.CertificateExpired(), 1]
  ] as const)("to %o is code %i", (reason, code) => {
    const bytes = Array.from(Reply.reply(Reply.codeOf(reason)))
    expect(bytes).toStrictEqual([5, code, 0, 1, 0, 0, 0, 0, 0, 0])
  })
})

describe("credentials", () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const long = "ü".repeat(127)
  const users = [`ann:a:b`, `zoë:${long}`].map((text) => parseUser(Redacted.make(text))!)
  const known = new Credentials(users)

  it.each([
    ["ann", "a:b", true],
    ["zoë", long, true],
    ["ann", "a:", false],
    ["ann", "a:b\0", false],
    ["ann\0", "a:b", false],
    ["ann", long, false],
    ["", "", false]
  ] as const)("of %j with %j: %s", (name, password, isKnown) => {
    expect(known.accept({ name: bytes(name), password: bytes(password) })).toBe(isKnown)
  })

  it("show no password", () => {
    expect(JSON.stringify(users)).toContain("ann")
    expect(JSON.stringify(users)).not.toContain("a:b")
  })

  it.each(["ann", ":a", "ann:", `ann:${"a".repeat(256)}`, `${"ü".repeat(128)}:a`])(
    "are not made of %j",
    (text) => expect(parseUser(Redacted.make(text))).toBe(undefined)
  )
})

describe("a target", () => {
  it.each(["127.0.0.1:80", "[::1]:65535", "example.org:1"])("%s is itself in text", (text) => {
    expect(Target.parse(text)).toMatchObject({ _tag: "Some" })
    const target = Target.parse(text)
    expect(target._tag === "Some" && Target.format(target.value)).toBe(text)
  })

  it.each(["example.org", "example.org:0", "example.org:65536", "::1:80", "a b:80", ":80"])(
    "is not made of %s",
    (text) => expect(Target.parse(text)._tag).toBe("None")
  )
})
