/** Error codes of TFTP (RFC 1350 §5, RFC 2347 §3), and which of them a failure is. */
import * as Data from "effect/Data"
import { type IoError, Reason } from "@portico/core"

export const codes = {
  undefined: 0,
  fileNotFound: 1,
  accessViolation: 2,
  diskFull: 3,
  illegalOperation: 4,
  unknownTransfer: 5,
  fileExists: 6,
  optionRefused: 8
} as const

/** Told to the client as an error packet; the transfer is over. */
export class Refusal extends Data.TaggedError("Refusal")<{
  readonly code: number
  readonly message: string
}> {}

/** Told by the client, or by its silence: there is nobody to tell. */
export class Abandoned extends Data.TaggedError("Abandoned")<{ readonly message: string }> {}

const codeOf = (reason: Reason.Reason): number => {
  switch (reason._tag) {
    case "NotFound":
    case "NotADirectory":
      return codes.fileNotFound
    case "PermissionDenied":
    case "IsADirectory":
    case "SymlinkLoop":
    case "NameTooLong":
      return codes.accessViolation
    case "NoSpace":
    case "FileTooLarge":
      return codes.diskFull
    case "AlreadyExists":
      return codes.fileExists
    default:
      return codes.undefined
  }
}

/** Says why, and nothing of where the files lie. */
export const ofFailure = (error: IoError.IoError): Refusal =>
  new Refusal({ code: codeOf(error.reason), message: Reason.format(error.reason) })
