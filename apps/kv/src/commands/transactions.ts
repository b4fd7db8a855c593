/** MULTI and EXEC: several commands with no other between them, and none of them or all. */
import { watchedBytesMax, watchesMax } from "../Watches.ts"
import { command, type Run } from "./Command.ts"
import * as Problem from "./Problem.ts"

const multi: Run = (engine) => {
  if (engine.session.transaction !== undefined) {
    return engine.fail("ERR MULTI calls can not be nested")
  }
  engine.session.transaction = { queue: [], bytes: 0, isAborted: false }
  engine.reply.ok()
}

const exec: Run = (engine) => {
  const { reply, session } = engine
  const { isDirty, transaction } = session
  if (transaction === undefined) return engine.fail("ERR EXEC without MULTI")
  engine.forget(session)
  if (transaction.isAborted) return engine.fail(Problem.aborted)
  if (isDirty) return reply.nullArray()
  reply.array(transaction.queue.length)
  // What they change is in one record of the log, since nothing is written out before this step
  // has ended: after a crash all of it is there or nothing.
  for (const { command: queued, request } of transaction.queue) {
    reply.beginPart()
    engine.call(queued, request)
  }
  // Each of them was logged by itself.
  engine.isChanged = false
}

const discard: Run = (engine) => {
  if (engine.session.transaction === undefined) return engine.fail("ERR DISCARD without MULTI")
  engine.forget(engine.session)
  engine.reply.ok()
}

const watch: Run = (engine, request) => {
  const { session, watches } = engine
  if (session.transaction !== undefined) {
    return engine.fail("ERR WATCH inside MULTI is not allowed")
  }
  if (session.watched.size + request.count - 1 > watchesMax) {
    return engine.fail(`ERR a connection watches at most ${watchesMax} keys`)
  }
  for (let at = 1; at < request.count; at++) {
    if (request.length(at) <= watchedBytesMax) continue
    return engine.fail(`ERR a watched key has at most ${watchedBytesMax} bytes`)
  }
  for (let at = 1; at < request.count; at++) {
    // One that is over goes now, and not while it is watched.
    engine.keyspace.find(request.bytes, request.start(at), request.end(at))
    watches.watch(session, request.argument(at))
  }
  engine.reply.ok()
}

const unwatch: Run = (engine) => {
  engine.watches.unwatch(engine.session)
  engine.reply.ok()
}

export const transactions = [
  command("multi", 1, "transaction", multi),
  command("exec", 1, "transaction", exec),
  command("discard", 1, "transaction", discard),
  command("watch", -2, "transaction", watch),
  command("unwatch", 1, "session", unwatch)
]
