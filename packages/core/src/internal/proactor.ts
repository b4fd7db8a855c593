/** The Proactor over handles: each operation is the method it stands for, its result as data. */
import * as Effect from "effect/Effect"
import type * as Exit from "effect/Exit"
import type * as Scope from "effect/Scope"
import type * as Completion from "../Completion.ts"
import type { IoError } from "../IoError.ts"
import type { Operation } from "../Operation.ts"
import * as Check from "./Check.ts"
import { connect } from "./tcp/connect.ts"
import type { HandleTable } from "./HandleTable.ts"

const batchMax = 1024

const writtenOf = (chunks: ReadonlyArray<Uint8Array>): Completion.BytesWritten => ({
  _tag: "BytesWritten",
  byteCount: chunks.reduce((sum, chunk) => sum + chunk.length, 0)
})

export const submit = (
  table: HandleTable,
  operation: Operation
): Effect.Effect<Completion.Completion, IoError, Scope.Scope> => {
  switch (operation._tag) {
    case "Accept":
      return Effect.map(operation.listener.accept, (stream) => ({ _tag: "Accepted", stream }))
    case "Connect":
      return Effect.map(connect(table, operation.options), (stream) => ({
        _tag: "Connected",
        stream
      }))
    case "Read":
      return Effect.map(operation.stream.readUpTo(operation.bytesMax), (bytes) => ({
        _tag: "BytesRead",
        bytes
      }))
    case "Write":
      return Effect.as(operation.stream.writeAll(operation.chunks), writtenOf(operation.chunks))
    case "Shutdown":
      return Effect.as(operation.stream.shutdown, { _tag: "WasShutDown" })
    case "FileRead": {
      const { bytesMax, file, position } = operation
      const read = position === undefined ? file.read(bytesMax) : file.readAt(position, bytesMax)
      return Effect.map(read, (bytes) => ({ _tag: "BytesRead", bytes }))
    }
    case "FileWrite": {
      const { chunks, file, position } = operation
      const write =
        position === undefined ? file.write(...chunks) : file.writeAt(position, ...chunks)
      return Effect.as(write, writtenOf(chunks))
    }
    case "Sync": {
      const { dataOnly, file } = operation
      return Effect.as(dataOnly ? file.syncData : file.sync, { _tag: "Synced" })
    }
    case "ReceiveFrom":
      return Effect.map(operation.socket.receive, (datagram) => ({
        _tag: "DatagramReceived",
        datagram
      }))
    case "SendTo": {
      const { bytes, to } = operation.datagram
      const sent: Completion.DatagramSent = { _tag: "DatagramSent", byteCount: bytes.length }
      return Effect.as(operation.socket.send(bytes, to), sent)
    }
  }
}

// Each runs in a fiber that starts at once, in order, so that writes on one stream queue in order.
export const submitAll = (
  table: HandleTable,
  operations: ReadonlyArray<Operation>
): Effect.Effect<ReadonlyArray<Exit.Exit<Completion.Completion, IoError>>, IoError, Scope.Scope> =>
  operations.length > batchMax
    ? Check.invalid(
        "Proactor.submitAll",
        "operations",
        `at most ${batchMax} operations`,
        operations.length
      )
    : Effect.forEach(operations, (operation) => Effect.exit(submit(table, operation)), {
        concurrency: "unbounded"
      })
