/** Runs the program that the argument names on Bun. */
import { BunBackend } from "@portico/bun"
import { tcpPrograms } from "../../../node/test/tcp/TcpPrograms.ts"

await tcpPrograms[process.argv[2] as keyof typeof tcpPrograms](BunBackend.makePorts().tcp)
