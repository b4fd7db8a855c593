/** Every suite, in the order of a full run. */
import { files } from "./files/Files.ts"
import { kv } from "./kv/Kv.ts"
import { measuring } from "./measuring/Measuring.ts"
import { models } from "./models/Models.ts"
import { pool } from "./pool/Pool.ts"
import { profile } from "./profile/ProfileSuite.ts"
import { resolver } from "./resolver/Resolver.ts"
import { scheduler } from "./scheduler/Scheduler.ts"
import { sim } from "./sim/Sim.ts"
import type { Suite } from "./Suite.ts"
import { tcpDuel } from "./tcp-duel/TcpDuel.ts"
import { tcpEcho } from "./tcp-echo/TcpEcho.ts"
import { tlsEcho } from "./tls-echo/TlsEcho.ts"
import { udpEcho } from "./udp-echo/UdpEcho.ts"

export const suites: ReadonlyArray<Suite> = [
  tcpEcho,
  tcpDuel,
  udpEcho,
  tlsEcho,
  models,
  resolver,
  kv,
  files,
  pool,
  scheduler,
  measuring,
  sim,
  profile
]
