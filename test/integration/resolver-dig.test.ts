/**
 * The resolver under `dig`, which shares no code with it. Its upstreams are resolvers as well, with
 * zones of their own, so no test needs a network.
 */
import * as Dgram from "node:dgram"
import { on, once } from "node:events"
import { describe, expect, it } from "vitest"
import { app, hosts, Program } from "./Program.ts"
import { hasDig, startResolver, ZoneFile } from "./Resolver.ts"

const suffix = hasDig ? "" : " (skipped: no dig: apt install bind9-dnsutils)"

const long = "x".repeat(200)
const zoneText = `$ORIGIN example.
$TTL 300
@     SOA ns hostmaster 1 3600 900 86400 60
      NS ns
ns    A 192.0.2.53
www   A 192.0.2.1
      AAAA 2001:db8::1
alias CNAME www
*.any A 192.0.2.7
big   TXT "${long}" "${long}" "${long}" "${long}"
`

/** A name server that answers nothing: it reads, and says no word. */
const silentServer = async () => {
  const socket = Dgram.createSocket("udp4")
  let received = 0
  socket.on("message", () => (received += 1))
  socket.bind(0, "127.0.0.1")
  await once(socket, "listening")
  return {
    address: `127.0.0.1:${socket.address().port}`,
    queries: () => received,
    [Symbol.dispose]: () => void socket.close()
  }
}

/** One that answers SERVFAIL to whatever it is asked. */
const failingServer = async () => {
  const socket = Dgram.createSocket("udp4")
  socket.on("message", (query, from) => {
    query[2]! |= 0x80
    query[3] = 0x82
    socket.send(query, from.port, from.address)
  })
  socket.bind(0, "127.0.0.1")
  await once(socket, "listening")
  return {
    address: `127.0.0.1:${socket.address().port}`,
    [Symbol.dispose]: () => void socket.close()
  }
}

const atOnce = { concurrent: true }

describe.skipIf(!hasDig).for(hosts)(`resolver on %s under dig${suffix}`, atOnce, (host) => {
  it("answers from a zone by UDP and TCP, with EDNS and without, also denials", async () => {
    using zone = new ZoneFile(zoneText)
    await using resolver = await startResolver(host, "--zone", zone.path)
    const { dig } = resolver

    const answer = await dig("www.example", "A")
    expect(answer).toContain("status: NOERROR")
    expect(answer).toMatch(/flags: qr aa rd;/)
    expect(answer).toMatch(/^www\.example\.\s+300\s+IN\s+A\s+192\.0\.2\.1$/m)
    expect(answer).toContain("EDNS: version: 0, flags:; udp: 1232")
    expect(await dig("+noedns", "www.example", "A")).not.toContain("EDNS")
    expect(await dig("+tcp", "+short", "www.example", "AAAA")).toBe("2001:db8::1\n")
    expect(await dig("+short", "alias.example")).toBe("www.example.\n192.0.2.1\n")
    expect(await dig("+short", "a.b.any.example")).toBe("192.0.2.7\n")

    const missing = await dig("no.example")
    expect(missing).toContain("status: NXDOMAIN")
    expect(missing).toMatch(/^example\.\s+60\s+IN\s+SOA\s+ns\.example\. hostmaster\.example\. 1 /m)
    const empty = await dig("www.example", "MX")
    expect(empty).toContain("status: NOERROR")
    expect(empty).toContain("ANSWER: 0, AUTHORITY: 1")
    expect(await dig("elsewhere.test")).toContain("status: REFUSED")
    expect(await dig("+edns=1", "+noednsneg", "www.example")).toContain("status: BADVERS")
    expect(await dig("+opcode=status", "www.example")).toContain("status: NOTIMP")
    expect(await dig("CH", "version.bind", "TXT")).toContain("status: REFUSED")

    resolver.kill("SIGTERM")
    expect(await resolver.exit).toEqual({ code: 0, signal: null })
    expect(resolver.stderr).toContain("handles=0")
  }, 90_000)

  it("cuts off what is too long for UDP, and dig fetches it by TCP", async () => {
    using zone = new ZoneFile(zoneText)
    await using resolver = await startResolver(host, "--zone", zone.path)
    const { dig } = resolver
    const cut = await dig("+bufsize=512", "+ignore", "big.example", "TXT")
    expect(cut).toMatch(/flags: qr aa tc rd;/)
    expect(cut).toContain("ANSWER: 0")
    const whole = await dig("+bufsize=512", "big.example", "TXT")
    expect(whole).toContain("Truncated, retrying in TCP mode")
    expect(whole.split(long)).toHaveLength(5)
    const fitting = await dig("+bufsize=1232", "+ignore", "big.example", "TXT")
    expect(fitting.split(long)).toHaveLength(5)
    expect(fitting).toContain("(UDP)")
  }, 90_000)

  it("asks the next upstream when the first is dead, and does not wait for it again", async () => {
    using zone = new ZoneFile(zoneText)
    using dead = await silentServer()
    await using upstream = await startResolver(host, "--zone", zone.path)
    // Longer than a busy machine holds up the one that answers.
    const timeout = ["--upstream-timeout", "2 seconds"]
    const to = ["--upstream", dead.address, "--upstream", `127.0.0.1:${upstream.port}`]
    await using resolver = await startResolver(host, ...to, ...timeout)
    const first = await resolver.dig("www.example")
    expect(first).toMatch(/flags: qr rd ra;/)
    expect(first).toMatch(/^www\.example\.\s+300\s+IN\s+A\s+192\.0\.2\.1$/m)
    const timeOf = (answer: string) => Number(/Query time: (\d+) msec/.exec(answer)![1])
    expect(timeOf(first)).toBeGreaterThanOrEqual(1_999)
    expect(await resolver.dig("+short", "alias.example")).toBe("www.example.\n192.0.2.1\n")
    expect(await resolver.dig("no.example")).toContain("status: NXDOMAIN")
    // TCP to the upstream, and the truncation to the client, are each their own.
    const big = await resolver.dig("+bufsize=1232", "big.example", "TXT")
    expect(big.split(long)).toHaveLength(5)
    expect(dead.queries()).toBe(1)
  }, 90_000)

  it("says SERVFAIL when its upstream does, or nobody is there", async () => {
    using failing = await failingServer()
    await using resolver = await startResolver(host, "--upstream", failing.address)
    expect(await resolver.dig("www.example")).toContain("status: SERVFAIL")
    await using lonely = await startResolver(host, "--upstream", "127.0.0.1:9")
    expect(await lonely.dig("www.example")).toContain("status: SERVFAIL")
  }, 90_000)

  it("answers 200 queries at once, each its own, and tells of them on SIGUSR1", async () => {
    using zone = new ZoneFile(zoneText)
    await using upstream = await startResolver(host, "--zone", zone.path)
    const to = ["--upstream", `127.0.0.1:${upstream.port}`, "--upstream-timeout", "10 seconds"]
    await using resolver = await startResolver(host, ...to)
    // dig asks one after the other, so 20 of them ask 10 names each.
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, one) => {
        const names = Array.from({ length: 10 }, (_, index) => `n${one * 10 + index}.any.example`)
        const transport = one % 4 === 0 ? "+tcp" : "+notcp"
        return resolver.dig(...names.flatMap((name) => [name, "A", transport]))
      })
    )
    const owners = answers.flatMap((text) => text.match(/^n\d+\.any\.example\.\s.*192\.0\.2\.7$/gm))
    expect(new Set(owners).size).toBe(200)

    resolver.kill("SIGUSR1")
    await resolver.log("upstream udp://")
    expect(resolver.stderr).toMatch(/^queries udp=\d+ tcp=\d+ zones=0 /m)
    expect(resolver.stderr).toMatch(/^answers NOERROR=\d+ truncated=0 /m)
    expect(resolver.stderr).toMatch(/upstream \S+ up udp=200 tcp=0 answered=200 /)
    expect(resolver.stderr).not.toContain("Debugger")
    expect(await resolver.dig("+short", "n1.any.example")).toBe("192.0.2.7\n")
  }, 90_000)
})

/** So many questions at once, from one socket; the ids that were answered with one record. */
const askAtOnce = async (port: number, count: number): Promise<ReadonlySet<number>> => {
  const socket = Dgram.createSocket("udp4")
  const answered = new Set<number>()
  socket.bind(0, "127.0.0.1")
  await once(socket, "listening")
  for (let id = 0; id < count; id += 1) {
    const labels = [`n${id}`, "any", "example"].flatMap((label) => [
      label.length,
      ...Buffer.from(label)
    ])
    const header = [id >> 8, id & 0xff, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]
    socket.send(Uint8Array.of(...header, ...labels, 0, 0, 1, 0, 1), port, "127.0.0.1")
  }
  for await (const [answer] of on(socket, "message", { signal: AbortSignal.timeout(30_000) })) {
    const bytes = answer as Buffer
    if (bytes[3] === 0x80 && bytes[7] === 1) answered.add(bytes.readUInt16BE(0))
    if (answered.size === count) break
  }
  socket.close()
  return answered
}

describe.for(hosts)("resolver on %s", { concurrent: true }, (host) => {
  it("answers 200 queries that come at once, from upstreams and from the cache", async () => {
    using zone = new ZoneFile(zoneText)
    await using upstream = await startResolver(host, "--zone", zone.path)
    const to = ["--upstream", `127.0.0.1:${upstream.port}`, "--upstream-timeout", "10 seconds"]
    await using resolver = await startResolver(host, ...to)
    expect((await askAtOnce(resolver.port, 200)).size).toBe(200)
    expect((await askAtOnce(resolver.port, 200)).size).toBe(200)
    resolver.kill("SIGUSR1")
    await resolver.log("upstream udp://")
    expect(resolver.stderr).toContain("cache hits=200 misses=200 ")
  }, 90_000)

  it("names file, line and fault of a zone that it cannot read", async () => {
    using zone = new ZoneFile("$ORIGIN example.\n@ 60 SOA ns admin 1 2 3 4 5\nwww A 192.0.2.256\n")
    await expect(startResolver(host, "--zone", zone.path)).rejects.toThrow(
      `${zone.path}:3: Not an IPv4 address: 192.0.2.256`
    )
  }, 90_000)

  it("does not start with nothing to answer", async () => {
    await using resolver = new Program(app("resolver", host, "--port", "0"))
    expect(await resolver.exit).toEqual({ code: 1, signal: null })
    expect(resolver.stderr).toContain("no --upstream, no --zone")
    expect(resolver.stdout).not.toContain("ready")
  }, 90_000)
})
