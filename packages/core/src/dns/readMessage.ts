/** A message from a `WireReader`, section by section. */
import type { DnsMessage, Question, ResourceRecord } from "./DnsMessage.ts"
import * as Edns from "./Edns.ts"
import * as HeaderFlags from "./HeaderFlags.ts"
import * as RecordCode from "./RecordCode.ts"
import * as RecordData from "./RecordData.ts"
import type { WireReader } from "./WireReader.ts"

const messageBytesMax = 65_535
const ttlMax = 0x7fff_ffff

type Opt = ReturnType<typeof Edns.read>

export const readMessage = (reader: WireReader): DnsMessage => {
  if (reader.bytes.length > messageBytesMax) reader.fail("MessageTooLong")
  const id = reader.u16()
  const { codeLow, ...flags } = HeaderFlags.read(reader.u16())
  const counts = [reader.u16(), reader.u16(), reader.u16(), reader.u16()] as const
  const questions = readAll(reader, "question", counts[0], () => readQuestion(reader))
  const answers = records(reader, "answer", counts[1])
  const authorities = records(reader, "authority", counts[2])
  let opt: Opt | undefined
  const additionals = records(reader, "additional", counts[3], (found) => {
    if (opt !== undefined) reader.fail("SecondOpt")
    opt = found
  })
  reader.where = () => "end"
  if (reader.left > 0) reader.fail("TrailingBytes")
  const codeHigh = opt === undefined ? 0 : (opt as Opt).codeHigh
  const edns = opt === undefined ? undefined : (opt as Opt).edns
  const responseCode = (codeHigh << 4) | codeLow
  return { id, ...flags, responseCode, questions, answers, authorities, additionals, edns }
}

// Each takes bytes, so that a count which promises more than there is ends with the message.
const readAll = <A>(
  reader: WireReader,
  section: string,
  count: number,
  read: () => A | undefined
): ReadonlyArray<A> => {
  const all: Array<A> = []
  let number = 1
  reader.where = () => `${section} ${number}`
  for (; number <= count; number++) {
    const one = read()
    if (one !== undefined) all.push(one)
  }
  return all
}

const readQuestion = (reader: WireReader): Question => ({
  name: reader.name(),
  type: reader.u16(),
  class: reader.u16()
})

const records = (
  reader: WireReader,
  section: string,
  count: number,
  onOpt?: (opt: Opt) => void
): ReadonlyArray<ResourceRecord> =>
  readAll(reader, section, count, () => {
    const name = reader.name()
    const type = reader.u16()
    if (type !== RecordCode.opt) return readRecord(reader, name, type)
    if (onOpt === undefined || name !== ".") return reader.fail("OptElsewhere")
    onOpt(Edns.read(reader))
    return undefined
  })

const readRecord = (reader: WireReader, name: string, type: number): ResourceRecord => {
  const recordClass = reader.u16()
  const ttl = reader.u32()
  const { where } = reader
  reader.where = () => `${where()} ${RecordCode.format(type)}`
  const data = RecordData.read(reader, type, recordClass, reader.u16())
  reader.where = where
  return { name, class: recordClass, ttlSeconds: ttl > ttlMax ? 0 : ttl, data }
}
