/** Of the failures of both families, the one that says most. */
import type { IoError } from "../../IoError.ts"

/**
 * A server that could not answer may have hidden an address, so that there is none is not known;
 * that there is no such name says more than that one record is missing.
 */
export const worst = (failures: ReadonlyArray<IoError>): IoError =>
  failures.find(({ reason }) => reason._tag !== "NoData" && reason._tag !== "NameNotFound") ??
  failures.find(({ reason }) => reason._tag === "NameNotFound") ??
  failures[0]!
