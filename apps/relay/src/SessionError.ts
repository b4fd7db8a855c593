/** Why a client got no tunnel, or lost it, and what its connection counts as then. */
import * as Cause from "effect/Cause"
import * as Data from "effect/Data"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import type { DeadlineExceeded, IoError } from "@portico/core"
import type { AuthenticationFailed, SocksError } from "./socks/SocksError.ts"

/** The client did not say in time where it wants to go. */
export class HandshakeTimedOut extends Data.TaggedError("HandshakeTimedOut")<{
  readonly cause: DeadlineExceeded.DeadlineExceeded
}> {
  override get message(): string {
    return "The handshake took too long"
  }
}

/** The client speaks no TLS, or none that the relay agrees to. */
export class ClientInsecure extends Data.TaggedError("ClientInsecure")<{
  readonly cause: IoError.IoError
}> {
  override get message(): string {
    return this.cause.message
  }
}

/** The target could not be reached. The client was told. */
export class TargetUnreachable extends Data.TaggedError("TargetUnreachable")<{
  readonly cause: IoError.IoError
}> {
  override get message(): string {
    return this.cause.message
  }
}

/** Nothing moved in the tunnel for the idle timeout. */
export class TunnelIdle extends Data.TaggedError("TunnelIdle")<{}> {
  override get message(): string {
    return "Nothing moved for the idle timeout"
  }
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

const ends: { readonly [Tag in SessionError["_tag"]]: End } = {
  AuthenticationFailed: "refused",
  ClientInsecure: "refused",
  HandshakeTimedOut: "silent",
  IoError: "lost",
  SocksError: "refused",
  TargetUnreachable: "unreachable",
  TunnelIdle: "silent"
}

export const endOf = (exit: Exit.Exit<void, SessionError>): End =>
  Exit.match(exit, {
    onSuccess: () => "finished",
    onFailure: (cause) =>
      Option.match(Cause.findErrorOption(cause), {
        onSome: ({ _tag }) => ends[_tag],
        onNone: () => (Cause.hasInterruptsOnly(cause) ? "stopped" : "failed")
      })
  })
