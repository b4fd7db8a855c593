/** What the server has done since it started: plain counts, which cost an addition each. */

export class Statistics {
  connections = 0
  connectionsAccepted = 0
  commands = 0
  /** Error replies. */
  errors = 0
  /** Commands refused because memory was used up. */
  outOfMemory = 0
  keyHits = 0
  keyMisses = 0
  bytesRead = 0
  bytesWritten = 0
  messagesPublished = 0
  /** Subscribers that were cut off because they did not read. */
  subscribersCut = 0

  /** All that counts since the start begins anew. */
  reset(): void {
    const { connections } = this
    Object.assign(this, new Statistics(), { connections })
  }
}
