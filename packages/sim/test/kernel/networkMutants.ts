/** One-line bugs of the simulated kernel, each with the law of `networkLaws` that has to notice. */

export interface KernelMutant {
  /** What it does wrong, as a verb phrase. */
  readonly name: string
  /** Of `src/kernel`. */
  readonly file: string
  /** Text that is there once, and what stands there instead. */
  readonly from: string
  readonly to: string
  readonly caughtBy: string
}

const mutant = (
  name: string,
  file: string,
  from: string,
  to: string,
  caughtBy: string
): KernelMutant => ({ name, file, from, to, caughtBy })

export const mutants: ReadonlyArray<KernelMutant> = [
  mutant(
    "doubles the time of a SYN from the start",
    "Retransmission.ts",
    "2 ** Math.max(0, client.retries - synLinear)",
    "2 ** client.retries",
    "a SYN without an answer is sent again ten times, and given up after 131 s"
  ),
  mutant(
    "tries a SYN once too often",
    "Retransmission.ts",
    "if (client.retries === synRetriesMax)",
    "if (client.retries > synRetriesMax)",
    "a SYN without an answer is sent again ten times, and given up after 131 s"
  ),
  mutant(
    "makes another connection of a SYN that comes again",
    "Handshake.ts",
    'if (peer?.phase === "established" && peer.host === host)',
    "if (peer === null)",
    "a connect whose answer got lost is made once the answer comes again"
  ),
  mutant(
    "never sends its answer to a SYN again",
    "Retransmission.ts",
    "return startSynAck(to)",
    "return undefined",
    "a server that speaks first gets its connection although the client's word was lost"
  ),
  mutant(
    "takes data for no sign of a finished handshake",
    "Delivery.ts",
    'packet.kind !== "Reset") confirmed(host, to)',
    'packet.kind === "Confirmed") confirmed(host, to)',
    "data of the client is its word as well"
  ),
  mutant(
    "keeps the timer of a handshake that is over",
    "Delivery.ts",
    "  to.retries = 0\n  stopTimer(host, to)\n}",
    "}",
    "the timer of a handshake does not stand in the way of that of data"
  ),
  mutant(
    "keeps half-open handshakes for ever",
    "Retransmission.ts",
    "endHandshake(server, false)",
    "void server",
    "a half-open handshake gives its place up after 63 s"
  ),
  mutant(
    "puts a SYN that finds no room in a queue",
    "Handshake.ts",
    "else if (client.flight === undefined) park(host, listener, client)",
    "else if (client.flight !== undefined) park(host, listener, client)",
    "a SYN that finds no room is dropped, and sent again"
  ),
  mutant(
    "resets connects that find no room",
    "Handshake.ts",
    "else startSyn(client)",
    'else send(host, client, { kind: "Refused" })',
    "a SYN that finds no room is dropped, and sent again"
  ),
  mutant(
    "accepts one less than it should",
    "Listener.ts",
    "this.queue.length + this.handshakes.size <= this.backlog",
    "this.queue.length + this.handshakes.size < this.backlog",
    "a SYN that finds no room is dropped, and sent again"
  ),
  mutant(
    "never sends data again",
    "Retransmission.ts",
    "    end.retries++\n    sendAgain(host, end)",
    "    end.retries++",
    "lost data is sent again after 200 ms, and then ever later"
  ),
  mutant(
    "does not wait longer each time",
    "Retransmission.ts",
    "Math.min(rtoMinNanos * 2 ** end.retries, rtoMaxNanos)",
    "rtoMinNanos",
    "lost data is sent again after 200 ms, and then ever later"
  ),
  mutant(
    "waits without an upper bound",
    "Retransmission.ts",
    "Math.min(rtoMinNanos * 2 ** end.retries, rtoMaxNanos)",
    "rtoMinNanos * 2 ** end.retries",
    "what is never acknowledged is given up after 924.6 s"
  ),
  mutant(
    "never forgets how often it tried",
    "Retransmission.ts",
    "    end.retries = 0\n    end.duplicates = 0",
    "    end.duplicates = 0",
    "a peer that answers again is not given up"
  ),
  mutant(
    "takes segments in the order in which they come",
    "Delivery.ts",
    "if (packet.at !== to.received && to.flight !== undefined)",
    "if (packet.at < to.received && to.flight !== undefined)",
    "segments that overtake each other are put in order"
  ),
  mutant(
    "forgets segments that come early",
    "Delivery.ts",
    "to.early.push(packet)",
    "void packet",
    "only what is missing is sent again"
  ),
  mutant(
    "takes a segment as often as it comes",
    "Delivery.ts",
    "if (packet.at !== to.received && to.flight !== undefined)",
    "if (packet.at > to.received && to.flight !== undefined)",
    "segments that come twice count once"
  ),
  mutant(
    "sends nothing before its timer",
    "Retransmission.ts",
    "++end.duplicates === duplicatesMax",
    "++end.duplicates === Infinity",
    "the first of many segments is sent again at the third sign that it is missing"
  ),
  mutant(
    "sends again what the peer has",
    "Retransmission.ts",
    "!peer!.early.includes(packet)",
    "true",
    "only what is missing is sent again"
  ),
  mutant(
    "does not acknowledge what it has already",
    "Delivery.ts",
    "    return acknowledge(host, to)\n  }\n  take(",
    "    return\n  }\n  take(",
    "a lost acknowledgement is asked for again"
  ),
  mutant(
    "never asks for a window",
    "Retransmission.ts",
    "end.flight!.length > 0 || end.unsent.bytes > 0",
    "end.flight!.length > 0",
    "a window whose opening got lost is asked for"
  ),
  mutant(
    "does not answer who asks for a window",
    "Delivery.ts",
    'packet.kind === "Probe") acknowledge(host, to)',
    'packet.kind === "Probe") return',
    "a window whose opening got lost is asked for"
  ),
  mutant(
    "tells an end before the data that it follows",
    "Delivery.ts",
    "if (packet.at !== to.received && to.flight !== undefined)",
    'if (packet.kind === "Data" && packet.at !== to.received && to.flight !== undefined)',
    "an end that overtakes data waits for it"
  ),
  mutant(
    "says nothing to who sends on a connection that is no more",
    "Delivery.ts",
    "  } else answerStranger(host, to, packet)",
    "  }",
    "who missed a reset learns of it when it sends"
  ),
  mutant(
    "knows connections from before it lost its power",
    "Delivery.ts",
    "if (to.host !== host) return answerStranger(host, to, packet)",
    "",
    "a host that lost its power says nothing, and after its start that it knows nothing"
  ),
  mutant(
    "holds on to closed connections as long as to others",
    "Retransmission.ts",
    "end.isOrphan ? orphanRetriesMax : retriesMax",
    "retriesMax",
    "a connection that its program closed is given up after 102.2 s"
  ),
  mutant(
    "waits for a peer's end for ever",
    "Retransmission.ts",
    "startTimer(end, finTimeoutNanos, (host) => forget(host, end))",
    "void finTimeoutNanos",
    "a closed connection waits 60 s for the peer's end"
  ),
  mutant(
    "probes for ever",
    "KeepAlive.ts",
    'if (end.probes++ === probesMax) return fail(host, end, end.softError ?? "timedOut")',
    "if (end.probes++ === 100) return",
    "a peer without power is given up by who asks for it, and not by who does not"
  ),
  mutant(
    "gives up a peer that answered",
    "KeepAlive.ts",
    "if (end.heardAt >= askedAt) return ask(host, end)",
    "",
    "a partition that is over in time is not noticed by who asks"
  ),
  mutant(
    "asks nobody",
    "KeepAlive.ts",
    'send(host, end.peer, { kind: "Probe" })',
    "",
    "a peer that started anew says so to who asks"
  ),
  mutant(
    "gives the first byte alone",
    "Transfer.ts",
    "return bytes - 1 - draws.below(Math.min(bytes - 1, 2 ** 21))",
    "return 0",
    "a read may give less than there is, and never nothing or too much"
  ),
  mutant(
    "has no TIME_WAIT",
    "Teardown.ts",
    "if (end.flight === undefined || !end.endedFirst) return",
    "return",
    "who closed first keeps its port from the same peer for 60 s"
  ),
  mutant(
    "keeps the port of who closed second, too",
    "Teardown.ts",
    "if (end.flight === undefined || !end.endedFirst) return",
    "if (end.flight === undefined) return",
    "who closed second keeps nothing"
  ),
  mutant(
    "resets in TIME_WAIT",
    "Delivery.ts",
    'if (packet.kind !== "Ack") acknowledge(host, to)',
    "answerStranger(host, to, packet)",
    "who closed first acknowledges the peer's end again when that got lost"
  ),
  mutant(
    "lets a port be used once only, whoever the peer",
    "InetNames.ts",
    "const key = `${port} ${remote}`\n    const until",
    "const key = `${port} ${bHost}`\n    const until",
    "28,232 ports lead to one peer, and as many to another"
  ),
  mutant(
    "takes ICMP's word for connections that exist",
    "Retransmission.ts",
    'from.softError = "hostUnreachable"\n',
    'fail(from.host, from, "hostUnreachable")\n',
    "a partition that rejects refuses connects, and lets connections try on"
  ),
  mutant(
    "does not take ICMP's word for a connect",
    "Retransmission.ts",
    'if (loss === "rejected" && packet.kind === "Refused") return rejectSyn(to)',
    "",
    "a partition that rejects refuses connects, and lets connections try on"
  ),
  mutant(
    "drops what a link holds",
    "Network.ts",
    "for (const { from, lane, parcel, to } of queue) this.launch(",
    "for (const { from, lane, parcel, to } of [] as typeof queue) this.launch(",
    "a held link delivers in order once it is released"
  ),
  mutant(
    "lets segments overtake each other for no reason",
    "Network.ts",
    "if (order !== undefined && behind === 0)",
    "if (order !== undefined && behind < 0)",
    "segments keep their order however long each takes"
  ),
  mutant(
    "sends in segments of the loopback device",
    "Transfer.ts",
    "end.flight === undefined ? segmentBytesMax : networkSegmentBytesMax",
    "segmentBytesMax",
    "segments leave in the size of the network, and over loopback in that of its device"
  ),
  mutant(
    "never gives the buffer of a lost datagram back",
    "UdpSend.ts",
    "  lost(loss: Loss): void {\n    this.out()",
    "  lost(loss: Loss): void {",
    "a lost datagram is lost in silence, and its buffer free"
  ),
  mutant(
    "loses nothing",
    "Network.ts",
    'partition === "drop" || link.loses(this.draws, parcel.fragments)',
    'partition === "drop"',
    "a lost datagram is lost in silence, and its buffer free"
  ),
  mutant(
    "loses a datagram of many fragments as seldom as one of one",
    "Link.ts",
    "lossOf(this.current.loss, fragments)",
    "this.current.loss",
    "a datagram is lost with any of its fragments"
  ),
  mutant(
    "sends datagrams of any size whole",
    "UdpSend.ts",
    "return Math.ceil(whole / 1480)",
    "return 1",
    "a datagram is lost with any of its fragments"
  ),
  mutant(
    "divides datagrams that do not leave the host",
    "UdpSend.ts",
    "other === site ? 1 : ",
    "",
    "over loopback a datagram goes whole"
  ),
  mutant(
    "doubles nothing",
    "Network.ts",
    "if (link.duplicates(this.draws))",
    "if (false)",
    "a datagram may come twice"
  ),
  mutant(
    "answers for closed datagram ports to itself alone",
    "UdpDelivery.ts",
    "site.network.carry(site, sender.host.site, answer, sender.lane)",
    "void answer",
    "a connected datagram socket is told of a closed port of another host"
  ),
  mutant(
    "ends a killed process's connections in silence",
    "closeAll.ts",
    "if (socket instanceof Endpoint) close(host, socket)",
    "if (socket instanceof Endpoint) socket.hasDescriptor = false",
    "a process that ended closes what it left open"
  ),
  mutant(
    "sends FIN although input was unread",
    "Teardown.ts",
    "if (end.unread.bytes > 0) return abort(host, end)",
    "",
    "a process that ended with unread input resets"
  )
]
