/** The relay with TLS on either side, to `openssl s_client`, `curl` and `node:tls`. */
import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import * as Https from "node:https"
import * as Net from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import * as Tls from "node:tls"
import { authority, server } from "@portico/testkit/Certificates"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import * as Curl from "./Curl.ts"
import { blocks, HttpTarget, sha256 } from "./HttpTarget.ts"
import { app, hosts, Program } from "./Program.ts"
import { startRelay } from "./Relay.ts"

const hasOpenssl = spawnSync("openssl", ["version"]).status === 0
const hasBoth = hasOpenssl && Curl.isHere
const suffix = hasBoth ? "" : " (skipped: no openssl or no curl: apt install openssl curl)"

const folder = mkdtempSync(join(tmpdir(), "portico-"))
const ca = join(folder, "authority.pem")
const certificate = join(folder, "server.pem")
const key = join(folder, "server.key")

const listenTls = ["--tls-cert", certificate, "--tls-key", key]
const targetTls = ["--target-tls", "--target-ca", ca]

beforeAll(() => {
  writeFileSync(ca, authority)
  writeFileSync(certificate, server.certificate)
  writeFileSync(key, server.key)
})
afterAll(() => rmSync(folder, { recursive: true }))

/** `openssl s_client`, which trusts the authority alone. */
const sClient = async (authorityOf: string, input: string) => {
  const trust = ["-CAfile", ca, "-verify_return_error", "-verify_hostname", "localhost"]
  const name = ["-servername", "localhost"]
  const child = spawn("openssl", ["s_client", "-quiet", "-connect", authorityOf, ...name, ...trust])
  child.stdin.write(input)
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { stdout, stderr }
}

const connect = async (url: URL): Promise<Tls.TLSSocket> => {
  const where = { host: url.hostname, port: Number(url.port), allowHalfOpen: true }
  const socket = Tls.connect({ ...where, ca: authority })
  await once(socket, "secureConnect")
  return socket
}

/** Answers what it was sent, once it has all of it. */
const startLateEcho = async () => {
  const echo = Net.createServer({ allowHalfOpen: true }, (socket) => {
    const chunks: Array<Buffer> = []
    socket.on("data", (chunk: Buffer) => chunks.push(chunk))
    socket.on("end", () => socket.end(Buffer.concat(chunks)))
    socket.on("error", () => {})
  })
  await once(echo.listen(0, "127.0.0.1"), "listening")
  const { port } = echo.address() as Net.AddressInfo
  return { target: `127.0.0.1:${port}`, close: () => echo.close() }
}

const atOnce = { concurrent: true }

describe.skipIf(!hasBoth).for(hosts)(`the relay on %s with TLS${suffix}`, atOnce, (host) => {
  it("shows its certificate to openssl s_client, and forwards", async () => {
    await using target = await HttpTarget.start()
    await using relay = await startRelay(
      host,
      "--forward",
      `localhost:${target.port}`,
      ...listenTls
    )
    expect(relay.ready).toMatch(/^ready tls:\/\/127\.0\.0\.1:\d+$/)
    const { stderr, stdout } = await sClient(relay.authority, "GET /who HTTP/1.0\r\n\r\n")
    expect(stderr).toContain("verify return:1")
    expect(stdout).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    expect(stdout).toMatch(/\r\n(127\.0\.0\.1|::1) \d+$/)
    expect(await relay.stop()).toBe("0")
    expect(relay.stderr).toContain(" finished=1 lost=0 ")
  }, 90_000)

  it("speaks SOCKS inside of TLS, and carries a half-close", async () => {
    const echo = await startLateEcho()
    try {
      await using relay = await startRelay(host, ...listenTls)
      expect(relay.ready).toMatch(/^ready socks5\+tls:\/\/127\.0\.0\.1:\d+$/)
      const socket = await connect(relay.url)
      const port = Number(echo.target.split(":")[1])
      const message = Buffer.alloc(1_000_000, "half-closed ")
      // Greeting, request and what is behind it, without waiting.
      socket.write(Uint8Array.of(5, 1, 0, 5, 1, 0, 1, 127, 0, 0, 1, port >> 8, port & 0xff))
      socket.end(message)
      const answer = Buffer.concat(await socket.toArray())
      expect(Array.from(answer.subarray(0, 6))).toEqual([5, 0, 5, 0, 0, 1])
      expect(answer.subarray(12).equals(message)).toBe(true)
      expect(await relay.stop()).toBe("0")
      expect(relay.stderr).toContain(" finished=1 lost=0 ")
    } finally {
      echo.close()
    }
  }, 90_000)

  it("carries 32 MiB by TLS between two relays, for ends that speak none", async () => {
    await using target = await HttpTarget.start()
    await using far = await startRelay(host, ...listenTls)
    await using near = await startRelay(host, "--forward", far.authority, ...targetTls)
    const bytes = 32 * 1024 * 1024
    const url = `http://localhost:${target.port}/blocks/${bytes}`
    const received = await Curl.curl(["--socks5-hostname", near.authority, url])
    expect(received).toMatchObject({ code: 0, bytes, sha256: sha256(blocks(bytes)) })
    expect(await near.stop()).toBe("0")
    expect(await far.stop()).toBe("0")
    for (const { stderr } of [near, far]) expect(stderr).toContain(" finished=1 lost=0 ")
  }, 90_000)

  it("speaks TLS to a target that it trusts, and says of others why not", async () => {
    const target = Https.createServer({ cert: server.certificate, key: server.key }, (_, answer) =>
      answer.end("secure")
    )
    await once(target.listen(0, "127.0.0.1"), "listening")
    const { port } = target.address() as Net.AddressInfo
    const ask = async (...options: ReadonlyArray<string>) => {
      await using relay = await startRelay(host, "--log-level", "debug", ...options)
      const url = `http://localhost:${port}/`
      const received = await Curl.curl(["--socks5-hostname", relay.authority, url])
      expect(await relay.stop()).toBe("0")
      return { ...received, log: relay.stderr }
    }
    try {
      expect(await ask(...targetTls)).toMatchObject({ code: 0, text: "secure" })
      const named = await ask(...targetTls, "--target-name", "example.org")
      expect(named).toMatchObject({ code: 0, text: "secure" })
      const untrusted = await ask("--target-tls")
      expect(untrusted).toMatchObject({ code: 97, text: "" })
      expect(untrusted.log).toMatch(/unreachable client=.*CertificateUntrusted/)
      const other = await ask(...targetTls, "--target-name", "other.test")
      expect(other).toMatchObject({ code: 97, text: "" })
      expect(other.log).toMatch(/unreachable client=.*CertificateNameMismatch/)
    } finally {
      target.closeAllConnections()
      target.close()
    }
  }, 90_000)

  it("drops who speaks no TLS, and who says nothing until the handshake timeout", async () => {
    const timeout = ["--handshake-timeout", "400 millis"]
    await using relay = await startRelay(host, "--log-level", "debug", ...listenTls, ...timeout)
    expect(await Curl.curl([`http://${relay.authority}/`])).not.toMatchObject({ code: 0 })
    const began = performance.now()
    const silent = Net.connect(Number(relay.url.port), relay.url.hostname)
    await once(silent.resume(), "close")
    expect(performance.now() - began).toBeGreaterThan(350)
    expect(await relay.stop()).toBe("0")
    expect(relay.stderr).toMatch(/refused client=.*NotTls/)
    expect(relay.stderr).toMatch(/silent client=.*The handshake took too long/)
    expect(relay.stderr).toContain(" silent=1 unreachable=0 refused=1 ")
  }, 90_000)

  it("says in one line what is wrong with a certificate, and shows no key", async () => {
    const options = ["--tls-cert", key, "--tls-key", key]
    await using relay = new Program(app("relay", host, "--port", "0", ...options))
    expect(await relay.exit).toEqual({ code: 1, signal: null })
    expect(relay.stderr).toContain("InvalidArgument")
    expect(relay.stderr).not.toContain("PRIVATE KEY")
    expect(relay.stderr).not.toContain("    at ")
    expect(relay.stdout).toBe("")
  }, 90_000)
})
