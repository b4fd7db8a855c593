/**
 * Whether descriptors have run out, where Bun does not say so.
 *
 * Without a free descriptor Bun 1.4.5 reports a connect as ECONNREFUSED, even to a path that does
 * not exist, and throws from `Bun.listen` without a code. One open tells the cases apart.
 */
import { closeSync, openSync } from "node:fs"
import { devNull } from "node:os"
import type { PortFailure } from "@portico/core/port/index"
import { failureOf } from "./BunErrno.ts"

/** `failure`, unless the lack of descriptors must be what is behind it. */
export const unlessExhausted = (failure: PortFailure): PortFailure => {
  const { _tag } = failure.reason
  if (_tag !== "ConnectionRefused" && _tag !== "Unknown") return failure
  try {
    closeSync(openSync(devNull, "r"))
    return failure
  } catch (error) {
    return failureOf(error)
  }
}
