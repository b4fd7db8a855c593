/** Runs the program that the argument names on Node. */
import { NodeBackend } from "@portico/node"
import { tcpPrograms } from "./TcpPrograms.ts"

await tcpPrograms[process.argv[2] as keyof typeof tcpPrograms](NodeBackend.makePorts().tcp)
