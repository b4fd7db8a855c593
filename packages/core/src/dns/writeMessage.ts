/** A message into a `WireWriter`, section by section, as far as it fits. */
import { DnsFormatError } from "./DnsFormatError.ts"
import type { DnsMessage, ResourceRecord } from "./DnsMessage.ts"
import * as Edns from "./Edns.ts"
import * as HeaderFlags from "./HeaderFlags.ts"
import * as RecordData from "./RecordData.ts"
import { WireWriter } from "./WireWriter.ts"

const flagsOffset = 2
const countsOffset = 4
const codeMax = 0xfff
const ttlMax = 0x7fff_ffff

export const writeMessage = (message: DnsMessage, bytesMax: number): Uint8Array<ArrayBuffer> => {
  const { edns, questions } = message
  // The OPT record comes last and is always there, so the others are held to what it leaves.
  const writer = new WireWriter(bytesMax - (edns === undefined ? 0 : Edns.bytesOf(edns)))
  writeHeader(writer, message)
  questions.forEach((question, index) => {
    writer.where = () => `question ${index + 1}`
    writer.name(question.name, true)
    writer.u16(question.type)
    writer.u16(question.class)
  })
  const sections = [message.answers, message.authorities, message.additionals]
  const written = writeSections(writer, sections)
  const isCut = written.some((count, index) => count < sections[index]!.length)
  const whole = new WireWriter(bytesMax)
  whole.put(writer.finish())
  if (edns !== undefined) Edns.write(whole, edns, message.responseCode >> 4)
  const counts = [questions.length, written[0]!, written[1]!, written[2]!]
  if (edns !== undefined) counts[3]!++
  counts.forEach((count, index) => whole.setU16(countsOffset + 2 * index, count))
  if (isCut) whole.setU16(flagsOffset, flagsOf(message) | HeaderFlags.truncatedBit)
  return whole.finish()
}

const flagsOf = (message: DnsMessage): number =>
  HeaderFlags.toWord({ ...message, codeLow: message.responseCode & 0xf })

const writeHeader = (writer: WireWriter, message: DnsMessage): void => {
  const { edns, opcode, responseCode } = message
  const isCode = Number.isInteger(responseCode) && responseCode >= 0
  const isInRange = responseCode <= (edns === undefined ? 0xf : codeMax)
  if (!isCode || !isInRange || !(opcode >= 0 && opcode <= 0xf)) writer.fail("ValueOutOfRange")
  writer.u16(message.id)
  writer.u16(flagsOf(message))
  writer.put(new Uint8Array(8))
}

const sectionNames = ["answer", "authority", "additional"]

/** How many records of each section there was room for; none follows the first that had none. */
const writeSections = (
  writer: WireWriter,
  sections: ReadonlyArray<ReadonlyArray<ResourceRecord>>
): ReadonlyArray<number> => {
  let isFull = false
  return sections.map((records, section) => {
    let count = 0
    for (const record of records) {
      if (isFull) break
      const start = writer.offset
      writer.where = () => `${sectionNames[section]} ${count + 1}`
      isFull = !writeIfRoom(writer, record)
      if (isFull) writer.rewind(start)
      else count++
    }
    return count
  })
}

const writeIfRoom = (writer: WireWriter, record: ResourceRecord): boolean => {
  try {
    writeRecord(writer, record)
    return true
  } catch (error) {
    if (error instanceof DnsFormatError && error.problem === "MessageTooLong") return false
    throw error
  }
}

const writeRecord = (writer: WireWriter, record: ResourceRecord): void => {
  writer.name(record.name, true)
  writer.u16(RecordData.typeOf(record.data))
  writer.u16(record.class)
  if (record.ttlSeconds > ttlMax) writer.fail("ValueOutOfRange")
  writer.u32(record.ttlSeconds)
  writer.withLength(() => RecordData.write(writer, record.data))
}
