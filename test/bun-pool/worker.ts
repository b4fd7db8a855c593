/**
 * The half of the Bun pool that runs on Bun: receives Vitest's requests and runs test files.
 */
import { init, runBaseTests, setupEnvironment } from "vitest/worker"
import { decode, encode } from "./Wire.ts"

// Tests may replace these globals, and Vitest itself replaces `process.exit`.
const exit = process.exit.bind(process)
const send = process.send!.bind(process)

// The run is over or was killed: nobody is left to report to.
const onDisconnect = () => exit(1)
process.on("disconnect", onDisconnect)

init({
  post: (message) => send(message),
  on: (listener) => process.on("message", listener),
  off: (listener) => process.off("message", listener),
  serialize: encode,
  deserialize: (text) => decode(text as string),
  setup: setupEnvironment,
  runTests: (state, traces) => runBaseTests("run", state, traces),
  collectTests: (state, traces) => runBaseTests("collect", state, traces),
  teardown: () => {
    process.off("disconnect", onDisconnect)
  }
})
