declare const sentences: {
  readonly WrongVersion: "another version of the protocol"
  readonly NoMethods: "no authentication method is offered"
  readonly NoAcceptableMethod: "none of the authentication methods is acceptable"
  readonly EmptyName: "the user name is empty"
  readonly EmptyPassword: "the password is empty"
  readonly UnsupportedCommand: "a command other than CONNECT"
  readonly ReservedByte: "the reserved byte is not 0"
  readonly UnsupportedAddressType: "an address that is neither IPv4, IPv6 nor a name"
  readonly EmptyHost: "the host name is empty"
  readonly InvalidHost: "the host name is none"
  readonly PortZero: "the port is 0"
}
export type Problem = keyof typeof sentences
/** A client's messages, in their order: RFC 1928 §3, RFC 1929 §2, RFC 1928 §4. */
export type Message = "greeting" | "credentials" | "request"
declare const SocksError_base: new <A extends Record<string, any> = {}>(
  args: import("effect/Types").VoidIfEmpty<{
    readonly [P in keyof A as P extends "_tag" ? never : P]: A[P]
  }>
) => import("effect/Cause").YieldableError & {
  readonly _tag: "SocksError"
} & Readonly<A>
export declare class SocksError extends SocksError_base<{
  readonly problem: Problem
  readonly where: Message
  /** The byte, the bytes or the text that was wrong; never any of a password. */
  readonly value?: number | string | undefined
}> {
  get message(): string
}
declare const AuthenticationFailed_base: new <A extends Record<string, any> = {}>(
  args: import("effect/Types").VoidIfEmpty<{
    readonly [P in keyof A as P extends "_tag" ? never : P]: A[P]
  }>
) => import("effect/Cause").YieldableError & {
  readonly _tag: "AuthenticationFailed"
} & Readonly<A>
/** RFC 1929 §2: no such user, or not that password. */
export declare class AuthenticationFailed extends AuthenticationFailed_base<{
  readonly user: string
}> {
  get message(): string
}
export {}
//# sourceMappingURL=SocksError.d.ts.map
