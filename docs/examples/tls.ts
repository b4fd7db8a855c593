import { NodeBackend } from "@portico/node"
import { Address, Tls, type TlsStream } from "@portico/core"
import { Console, Effect, Option } from "effect"
import { readFileSync } from "node:fs"

const pem = (name: string) =>
  readFileSync(new URL(`./certificates/${name}`, import.meta.url), "utf8")

const greet = Effect.fnUntraced(function* (stream: TlsStream.TlsStream) {
  const name = yield* stream.readUntil(new TextEncoder().encode("\n"))
  yield* stream.writeAll([new TextEncoder().encode("hello, "), name])
})

const program = Effect.gen(function* () {
  const credentials = { certificate: pem("server.pem"), key: pem("server.key") }
  const server = yield* Tls.serve(greet, {
    port: 0,
    connectionsMax: 1_000,
    context: yield* Tls.serverContext({ credentials }),
    alpn: ["greet/1"]
  })
  const stream = yield* Tls.connect({
    ...Address.toInput(server.address),
    serverName: "localhost",
    context: yield* Tls.clientContext({ trust: [pem("authority.pem")] }),
    alpn: ["greet/1"]
  })
  yield* Console.log(
    stream.protocol,
    Option.getOrElse(stream.applicationProtocol, () => "none")
  )
  yield* stream.write(new TextEncoder().encode("Ada\n"))
  yield* Console.log(new TextDecoder().decode(yield* stream.readExactly(11)).trimEnd())

  // The name is checked, always: this certificate is for somebody else.
  const wrong = Tls.connect({
    ...Address.toInput(server.address),
    serverName: "example.com",
    context: yield* Tls.clientContext({ trust: [pem("authority.pem")] })
  })
  yield* Effect.catchReason(wrong, "IoError", "CertificateNameMismatch", ({ names }) =>
    Console.log(`for ${names.slice(0, 2).join(" and ")}, among others`)
  )
}).pipe(Effect.scoped)

NodeBackend.runMain(program)
