/**
 * What is wrong with what a SOCKS client sent, or asks for what is not offered, and in which of its
 * messages.
 */
import * as Data from "effect/Data"

const sentences = {
  WrongVersion: "another version of the protocol",
  NoMethods: "no authentication method is offered",
  NoAcceptableMethod: "none of the authentication methods is acceptable",
  EmptyName: "the user name is empty",
  EmptyPassword: "the password is empty",
  UnsupportedCommand: "a command other than CONNECT",
  ReservedByte: "the reserved byte is not 0",
  UnsupportedAddressType: "an address that is neither IPv4, IPv6 nor a name",
  EmptyHost: "the host name is empty",
  InvalidHost: "the host name is none",
  PortZero: "the port is 0"
} as const

export type Problem = keyof typeof sentences

/** A client's messages, in their order: RFC 1928 §3, RFC 1929 §2, RFC 1928 §4. */
export type Message = "greeting" | "credentials" | "request"

export class SocksError extends Data.TaggedError("SocksError")<{
  readonly problem: Problem
  readonly where: Message
  /** The byte, the bytes or the text that was wrong; never any of a password. */
  readonly value?: number | string | undefined
}> {
  override get message(): string {
    const value = this.value === undefined ? "" : `: ${JSON.stringify(this.value)}`
    return `SOCKS ${this.where}, ${sentences[this.problem]}${value}`
  }
}

/** RFC 1929 §2: no such user, or not that password. */
export class AuthenticationFailed extends Data.TaggedError("AuthenticationFailed")<{
  readonly user: string
}> {
  override get message(): string {
    return `Wrong name or password of user ${JSON.stringify(this.user)}`
  }
}
