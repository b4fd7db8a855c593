/** Why a client got no tunnel, or lost it, and what its connection counts as then. */
import * as Cause from "effect/Cause"
import * as Exit from "effect/Exit"
import type { DeadlineExceeded, IoError } from "@portico/core"
import type { AuthenticationFailed, SocksError } from "./socks/SocksError.ts"
declare const HandshakeTimedOut_base: new <A extends Record<string, any> = {}>(
  args: import("effect/Types").VoidIfEmpty<{
    readonly [P in keyof A as P extends "_tag" ? never : P]: A[P]
  }>
) => Cause.YieldableError & {
  readonly _tag: "HandshakeTimedOut"
} & Readonly<A>
/** The client did not say in time where it wants to go. */
export declare class HandshakeTimedOut extends HandshakeTimedOut_base<{
  readonly cause: DeadlineExceeded.DeadlineExceeded
}> {
  get message(): string
}
declare const ClientInsecure_base: new <A extends Record<string, any> = {}>(
  args: import("effect/Types").VoidIfEmpty<{
    readonly [P in keyof A as P extends "_tag" ? never : P]: A[P]
  }>
) => Cause.YieldableError & {
  readonly _tag: "ClientInsecure"
} & Readonly<A>
/** The client speaks no TLS, or none that the relay agrees to. */
export declare class ClientInsecure extends ClientInsecure_base<{
  readonly cause: IoError.IoError
}> {
  get message(): string
}
declare const TargetUnreachable_base: new <A extends Record<string, any> = {}>(
  args: import("effect/Types").VoidIfEmpty<{
    readonly [P in keyof A as P extends "_tag" ? never : P]: A[P]
  }>
) => Cause.YieldableError & {
  readonly _tag: "TargetUnreachable"
} & Readonly<A>
/** The target could not be reached. The client was told. */
export declare class TargetUnreachable extends TargetUnreachable_base<{
  readonly cause: IoError.IoError
}> {
  get message(): string
}
declare const TunnelIdle_base: new <A extends Record<string, any> = {}>(
  args: import("effect/Types").VoidIfEmpty<{
    readonly [P in keyof A as P extends "_tag" ? never : P]: A[P]
  }>
) => Cause.YieldableError & {
  readonly _tag: "TunnelIdle"
} & Readonly<A>
/** Nothing moved in the tunnel for the idle timeout. */
export declare class TunnelIdle extends TunnelIdle_base<{}> {
  get message(): string
}
export type SessionError =
  | AuthenticationFailed
  | ClientInsecure
  | HandshakeTimedOut
  | IoError.IoError
  | SocksError
  | TargetUnreachable
  | TunnelIdle
/** How a connection ended. */
export type End =
  /** Both sides ended in order. */
  | "finished"
  /** A side reset or vanished, or the client left before it had a tunnel. */
  | "lost"
  /** Nothing moved for the idle timeout, or the handshake took too long. */
  | "silent"
  | "unreachable"
  /** What the client sent is no request that is served, or it may not. */
  | "refused"
  /** By the relay, which was told to stop. */
  | "stopped"
  /** By a bug of the relay, which the log names. */
  | "failed"
export declare const endOf: (exit: Exit.Exit<void, SessionError>) => End
export {}
//# sourceMappingURL=SessionError.d.ts.map
