/**
 * A last message that its reader gets.
 *
 * A stream that is closed while input is unread is reset, and a reset overtakes what was written
 * before it. So after the message comes a half-close, and whatever the peer still sends is read and
 * dropped, within a bound, until it ends, too.
 */
import * as Effect from "effect/Effect"
import type { TcpStream } from "@portico/core"
/** Sends `bytes`, and waits at most a second for the peer to end. The stream is left open. */
export declare const send: (stream: TcpStream.TcpStream, bytes: Uint8Array) => Effect.Effect<void>
//# sourceMappingURL=FinalReply.d.ts.map
