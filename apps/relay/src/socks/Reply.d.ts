import type { Address, Reason } from "@portico/core"
import type { SocksError } from "./SocksError.ts"
/** REP, in the words of RFC 1928 §6. */
export declare const ReplyCode: {
  readonly succeeded: 0
  readonly generalFailure: 1
  readonly notAllowed: 2
  readonly networkUnreachable: 3
  readonly hostUnreachable: 4
  readonly connectionRefused: 5
  readonly ttlExpired: 6
  readonly commandNotSupported: 7
  readonly addressTypeNotSupported: 8
}
export type ReplyCode = (typeof ReplyCode)[keyof typeof ReplyCode]
export declare const Method: {
  readonly none: 0
  readonly nameAndPassword: 2
  readonly noneAcceptable: 255
}
/** "Use this method", or `noneAcceptable`. */
export declare const method: (chosen: number) => Uint8Array
export declare const credentialsTaken: Uint8Array
export declare const credentialsRefused: Uint8Array
/** The answer to a request; `bound` is BND.ADDR and BND.PORT, zeros where there is none. */
export declare const reply: (code: ReplyCode, bound?: Address.Address) => Uint8Array
/** What a failure to connect is told as. */
export declare const codeOf: (reason: Reason.Reason) => ReplyCode
/** What a client is told of its mistake, in the form of the message that it waits for. */
export declare const refusalOf: ({ problem, where }: SocksError) => Uint8Array
//# sourceMappingURL=Reply.d.ts.map
