/** The key-value server under redis-cli and redis-benchmark, which share no code with it. */
import { describe, expect, it } from "vitest"
import { DataFolder, hasRedisTools, startKv } from "./Kv.ts"
import { hosts, Program } from "./Program.ts"

/** `redis-cli SUBSCRIBE`, which prints each message as three lines. */
const startListener = (port: number) =>
  new Program(["redis-cli", "-p", String(port), "SUBSCRIBE", "news"])

const suffix = hasRedisTools ? "" : " (skipped: no redis-cli: apt install redis-tools)"

describe.skipIf(!hasRedisTools).for(hosts)(`kv on %s under redis-cli${suffix}`, (host) => {
  it("keeps keys of every type, also over a restart", async () => {
    using data = new DataFolder()
    {
      await using kv = await startKv(host, data)
      const { cli } = kv
      expect(await cli("SET", "greeting", "héllo wörld")).toBe("OK")
      expect(await cli("--no-raw", "GET", "greeting")).toBe('"h\\xc3\\xa9llo w\\xc3\\xb6rld"')
      expect(await cli("INCRBY", "n", "41")).toBe("41")
      expect(await cli("RPUSH", "l", "a", "b", "c")).toBe("3")
      expect(await cli("HSET", "h", "x", "1", "y", "2")).toBe("2")
      expect(await cli("-3", "--no-raw", "HGETALL", "h")).toBe('1# "x" => "1"\n2# "y" => "2"')
      expect(await cli("SET", "short", "1", "EX", "1000")).toBe("OK")
      expect(await cli("--scan", "--pattern", "?")).toMatch(/^[nlh]\n[nlh]\n[nlh]$/)
      expect(await cli("NOPE")).toContain("ERR unknown command 'NOPE'")
      kv.kill("SIGTERM")
      expect(await kv.exit).toEqual({ code: 0, signal: null })
      expect(kv.stderr).toContain("handles=0")
    }
    await using kv = await startKv(host, data)
    const { cli } = kv
    expect(kv.stderr).toContain("recovered keys=5")
    expect(await cli("GET", "greeting")).toBe("héllo wörld")
    expect(await cli("INCR", "n")).toBe("42")
    expect(await cli("LRANGE", "l", "0", "-1")).toBe("a\nb\nc")
    expect(Number(await cli("TTL", "short"))).toBeGreaterThan(900)
    expect(await cli("BGREWRITEAOF")).toContain("started")
    expect(await cli("INFO", "keyspace")).toContain("db0:keys=5,expires=1")
  }, 90_000)

  it("serves redis-benchmark, pipelined, of every kind", async () => {
    using data = new DataFolder()
    await using kv = await startKv(host, data)
    const kinds = "ping,set,get,incr,lpush,rpush,lpop,rpop,hset,lrange_100,mset"
    const text = await kv.tool("redis-benchmark", "-t", kinds, "-n", "2000", "-P", "16", "--csv")
    const rates = text
      .trim()
      .split("\n")
      .slice(1)
      .map((line) => Number(line.split(",")[1]!.replaceAll('"', "")))
    expect(rates.length).toBeGreaterThanOrEqual(11)
    expect(Math.min(...rates)).toBeGreaterThan(0)
    expect(await kv.cli("GET", "counter:__rand_int__")).toBe("2000")
  }, 90_000)

  it("runs transactions and messages", async () => {
    using data = new DataFolder()
    await using kv = await startKv(host, data, "--sync", "always")
    expect(await kv.cli("EVAL", "x", "0")).toContain("ERR unknown command")
    await using listening = startListener(kv.port)
    expect(await listening.line()).toBe("subscribe")
    await listening.line()
    await listening.line()
    expect(await kv.cli("PUBLISH", "news", "hello")).toBe("1")
    expect([await listening.line(), await listening.line(), await listening.line()]).toStrictEqual([
      "message",
      "news",
      "hello"
    ])
  }, 90_000)
})
