/** A zone in memory: its names, and what stands at each. */
import { RecordCode } from "@portico/core"
import { toLower } from "@portico/core/dns/DnsName"
import { WireReader } from "@portico/core/dns/WireReader"
import * as Result from "effect/Result"
import { u32 } from "../wire/Octets.ts"
import { ZoneError, ZoneProblem } from "./ZoneError.ts"
import { recordsOf, type ZoneRecord } from "./ZoneFile.ts"

/** Records by type. Empty where a name is only part of longer ones. */
export type Node = ReadonlyMap<number, ReadonlyArray<ZoneRecord>>

const types = {
  ns: RecordCode.of("NS"),
  cname: RecordCode.of("CNAME"),
  soa: RecordCode.of("SOA")
}

/** The name without its first label; undefined for the root. Both in their one text. */
export const parentOf = (name: string): string | undefined => {
  if (name === ".") return undefined
  const label = /^(?:\\.|[^.\\])+\./su.exec(name)![0]
  return label.length === name.length ? "." : name.slice(label.length)
}

/** The first name in data that is nothing but names up to there (NS, CNAME). */
export const targetOf = (record: ZoneRecord): string => new WireReader(record.data).name()

export class Zone {
  /** In lower case. */
  readonly origin: string
  readonly soa: ZoneRecord
  private readonly nodes = new Map<string, Map<number, Array<ZoneRecord>>>()

  private constructor(records: ReadonlyArray<ZoneRecord>) {
    const [soa] = records.filter(({ type }) => type === types.soa)
    if (soa === undefined) throw new ZoneProblem(1, "The zone has no SOA record")
    this.soa = soa
    this.origin = toLower(soa.name)
    for (const record of records) this.add(record)
  }

  /** The zone that a file describes. The error names the file as `file`. */
  static parse(text: string, file: string): Result.Result<Zone, ZoneError> {
    try {
      return Result.succeed(new Zone(recordsOf(text)))
    } catch (error) {
      if (!(error instanceof ZoneProblem)) throw error
      return Result.fail(new ZoneError({ file, line: error.line, problem: error.message }))
    }
  }

  /** How long a denial may be kept (RFC 2308 §3). */
  get denialSeconds(): number {
    return Math.min(this.soa.ttlSeconds, u32(this.soa.data, this.soa.data.length - 4))
  }

  /** What stands at a name in lower case; undefined when there is no such name. */
  node(name: string): Node | undefined {
    return this.nodes.get(name)
  }

  /** Whether a name in lower case lies in this zone. */
  has(name: string): boolean {
    for (let at: string | undefined = name; at !== undefined; at = parentOf(at)) {
      if (at === this.origin) return true
    }
    return false
  }

  private add(record: ZoneRecord): void {
    const { line, name, type } = record
    const key = toLower(name)
    if (!this.has(key)) throw new ZoneProblem(line, `A name outside of ${this.origin} : ${name}`)
    const node = this.nodeAt(key)
    const isSoa = type === types.soa
    if (isSoa && record !== this.soa) throw new ZoneProblem(line, "A second SOA record")
    const isAlias = type === types.cname
    if (isAlias && node.size > 0) throw new ZoneProblem(line, `An alias has other records: ${name}`)
    if (!isAlias && node.has(types.cname)) {
      throw new ZoneProblem(line, `An alias has other records: ${name}`)
    }
    const known = node.get(type)
    if (known === undefined) node.set(type, [record])
    else if (!known.some(({ data }) => isSame(data, record.data))) known.push(record)
  }

  /** Makes the node, and those above it, which exist by it (RFC 4592 §2.2.2). */
  private nodeAt(name: string): Map<number, Array<ZoneRecord>> {
    const known = this.nodes.get(name)
    if (known !== undefined) return known
    const made = new Map<number, Array<ZoneRecord>>()
    this.nodes.set(name, made)
    if (name !== this.origin) this.nodeAt(parentOf(name)!)
    return made
  }
}

const isSame = (a: Uint8Array, b: Uint8Array): boolean =>
  a.length === b.length && a.every((byte, index) => byte === b[index])
