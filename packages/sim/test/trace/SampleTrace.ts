/**
 * A trace with one of everything: a store of three hosts that acknowledges before it has synced,
 * its clients, a partition, a crash, and the stale read that comes of it. Told by a script, so that
 * tests know each event.
 */
import { History, type Model, Models, Trace } from "@portico/sim"

export class Script {
  readonly ring: Trace.TraceRing
  now = 0
  private readonly lives = new Map<string, number>()
  private readonly sinks = new Map<string, Trace.TraceSink>()
  private readonly later: Array<{ at: number; task: () => void }> = []

  constructor(eventsMax?: number) {
    this.ring = new Trace.TraceRing(eventsMax)
  }

  on(host: string): Trace.TraceSink {
    const found = this.sinks.get(host)
    if (found !== undefined) return found
    const sink = this.ring.of(host, () => this.now, this.lives.get(host) ?? 0)
    this.sinks.set(host, sink)
    return sink
  }

  restart(host: string): void {
    this.lives.set(host, (this.lives.get(host) ?? 0) + 1)
    this.sinks.delete(host)
    this.on(host).enter("restart", {}, -1)
  }

  /** A fiber of a host runs on. */
  run(host: string): void {
    this.on(host).enter("run", {})
  }

  after(micros: number, task: () => void): void {
    this.later.push({ at: this.now + micros * 1000, task: this.on("").carry(task) })
  }

  send(from: string, to: string, packet: string, bytes: number, micros: number, then = () => {}) {
    const sent = this.on(from).record("send", { packet, bytes, to })
    this.after(micros, () => {
      this.on(to).enter("deliver", {}, sent)
      then()
    })
    return sent
  }

  /** Everything that is to come, in order of time. */
  play(): void {
    while (this.later.length > 0) {
      this.later.sort((a, b) => a.at - b.at)
      const { at, task } = this.later.shift()!
      this.now = Math.max(at, this.now)
      task()
    }
  }
}

type Value = Models.KeyValueOutput

export interface Sample {
  readonly ring: Trace.TraceRing
  readonly history: History.History<Models.KeyValueInput, Value>
}

const model: Model.Model<Value, Models.KeyValueInput, Value> = Models.keyValue

/** A put to `a`, which replicates to `b` and `c`, and answers. */
const put = (script: Script, history: Sample["history"], client: string, value: number) => {
  const id = history.call(client, { op: "put", key: "x", value })
  script.send("web", "a", "DATA", 64, 230, () => {
    script.run("a")
    const wrote = script.on("a").record("write", { path: "/data/wal", bytes: 80 })
    for (const to of ["b", "c"]) {
      script.send("a", to, "DATA", 80, 310 + value * 20, () => {
        script.run(to)
        script.on(to).record("write", { path: "/data/wal", bytes: 80 })
        if (value < 3) script.on(to).record("fsync", { path: "/data/wal" })
        script.send(to, "a", "ACK", 0, 200)
      })
    }
    if (value < 3) script.on("a").record("fsync", { path: "/data/wal" }, wrote)
    script.send("a", "web", "DATA", 12, 260, () => {
      script.run("web")
      history.return(id, true)
    })
  })
}

const get = (
  script: Script,
  history: Sample["history"],
  client: string,
  host: string,
  is: Value
) => {
  const id = history.call(client, { op: "get", key: "x" })
  script.send("web", host, "DATA", 24, 190, () => {
    script.run(host)
    script.send(host, "web", "DATA", 20, 210, () => {
      script.run("web")
      history.return(id, is)
    })
  })
}

const connect = (script: Script, to: string, then: () => void) =>
  script.send("web", to, "SYN", 0, 150, () =>
    script.send(to, "web", "SYN ACK", 0, 150, () => {
      script.send("web", to, "ACK", 0, 150)
      then()
    })
  )

const partition = (script: Script) => {
  const { ring } = script
  const all = script.on("")
  all.record("partition", { between: "c | a, b", id: 1 })
  script.on("b").record("clockStep", { nanos: -200_000_000 })
  for (const [packet, bytes] of [
    ["DATA", 80],
    ["UDP", 48]
  ] as const) {
    const sent = script.on("a").record("send", { packet, bytes, to: "c" })
    script.after(90, () => void script.on("c").record("drop", { reason: "partition" }, sent))
  }
  const held = script.on("b").record("send", { packet: "UDP", bytes: 96, to: "a" })
  script.on("a").record("hold", {}, held)
  script.after(2900, () => all.record("heal", { between: "c | a, b", id: 1 }))
  script.after(3000, () => void script.on("a").enter("deliver", {}, held))
  script.after(3300, () => void script.on("a").enter("deliver", {}, held))
  return ring
}

const crash = (script: Script) => {
  const a = script.on("a")
  const lost = ring(script)
    .events.filter(({ host, kind }) => host === "a" && kind === "write")
    .at(-1)!
  a.record("decision", { stream: "fault", choice: 3, count: 40, number: 2 })
  a.record("crash", { mode: "power" })
  a.record("lost", { path: "/data/wal", bytes: 80 }, lost.index)
  script.after(5_200, () => {
    script.restart("a")
    script.run("a")
    script.on("a").record("note", { text: "recovered 2 of 3 records" })
  })
}

const ring = ({ ring: own }: Script) => own

/** Ends with a violation. `</script>` and its like stand wherever a program may put text. */
export const sample = (hostile = "kv.put"): Sample => {
  const script = new Script()
  const history = new History.History(Trace.traceHistory(script.on("web"), model))
  script.on("web").record("note", { text: `begin ${hostile}` })
  for (const to of ["a", "b"]) connect(script, to, () => script.run("web"))
  script.after(500, () => put(script, history, "client 1", 1))
  script.after(620, () => get(script, history, "client 2", "b", null))
  script.after(1900, () => put(script, history, "client 1", 2))
  script.after(2100, () => get(script, history, "client 2", "b", 1))
  script.after(3000, () => partition(script))
  script.after(3100, () => {
    script.on("b").record("pause", {})
    script.after(1700, () => script.on("b").record("resume", {}))
  })
  script.after(3400, () => {
    script.on("a").record("decision", { stream: "network", choice: 1, count: 3, number: 1 })
    put(script, history, "client 1", 3)
  })
  script.after(4600, () => crash(script))
  script.after(5000, () => {
    history.call("client 3", { op: "put", key: "x", value: 9 })
    const sent = script.on("web").record("send", { packet: "SYN", bytes: 0, to: "a" })
    script.after(700, () => void script.on("a").record("drop", { reason: "host is down" }, sent))
  })
  script.after(10_400, () => get(script, history, "client 2", "a", 2))
  script.after(11_000, () => {
    script.send("a", "web", "RST", 0, 120)
    script.on("web").record("violation", { text: `not linearizable: key "x" ${hostile}` })
    script.on("web").record("send", { packet: "DATA", bytes: 9, to: "b" })
  })
  script.play()
  return { ring: script.ring, history }
}
