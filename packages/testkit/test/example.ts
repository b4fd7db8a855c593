/** Runs the laws over a backend, here Portico's own for Node, without a test runner. */
import { Tcp } from "@portico/core"
import { NodeBackend } from "@portico/node"
import * as NodeCapabilities from "@portico/node/NodeCapabilities"
import { Law, LawEnvironment, Suite } from "@portico/testkit"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as fs from "node:fs"
import * as path from "node:path"

const environment = Layer.effect(
  LawEnvironment,
  Effect.gen(function* () {
    const folder = yield* Effect.acquireRelease(
      Effect.sync(() => fs.mkdtempSync("/tmp/laws-")),
      (made) => Effect.sync(() => fs.rmSync(made, { recursive: true }))
    )
    let count = 0
    return LawEnvironment.of({
      temporaryPath: Effect.sync(() => path.join(folder, `${++count}`)),
      makePlainFile: (file) => Effect.sync(() => fs.writeFileSync(file, "")),
      makeStaleSocket: () => Effect.die("leave out the laws that need one"),
      removeFile: (file) => Effect.sync(() => fs.rmSync(file)),
      pathExists: (file) => Effect.sync(() => fs.existsSync(file)),
      fileMode: (file) => Effect.sync(() => fs.statSync(file).mode & 0o777),
      disk: Option.none(),
      exhaustDescriptors: Option.none(),
      tasks: Option.none(),
      notifyFromThread: Option.none(),
      holdThread: Option.none()
    })
  })
)

const plan = Suite.plan({
  backendName: "node",
  capabilities: NodeCapabilities.make(process.platform),
  // A law may be left out while a backend is young. The published suite is `Suite.all`.
  laws: Suite.all.filter(({ group }) => ["Connecting", "Listening", "Accepting"].includes(group)),
  deviations: [
    {
      from: "CONN-11",
      because: "A made-up exception, to show one: this backend gives up after one address.",
      instead: Law.law("CONN-11", "localhost needs a listener on 127.0.0.1", function* () {
        yield* Tcp.listen({ host: "127.0.0.1", port: 0 })
      })
    }
  ]
})

export const report = await Effect.runPromise(
  Suite.run(plan, Layer.merge(NodeBackend.layer, environment))
)
console.error(Suite.format(report))
