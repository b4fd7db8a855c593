/** What the field calls the kernel's packets. Those that are left out have its names already. */
export const packetNames: { readonly [kind: string]: string | undefined } = {
  Syn: "SYN",
  Accepted: "SYN ACK",
  Refused: "RST",
  Confirmed: "ACK",
  Data: "DATA",
  Ack: "ACK",
  End: "FIN",
  Probe: "PROBE",
  Reset: "RST",
  Datagram: "UDP"
}
