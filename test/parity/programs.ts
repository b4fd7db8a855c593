/** All programs. Their names are different. */
import { dns } from "./dns.ts"
import { files } from "./files.ts"
import type { Program } from "./Program.ts"
import { sockets } from "./sockets.ts"
import { streams } from "./streams.ts"
import { times } from "./times.ts"
import { tls } from "./tls.ts"

export const programs: ReadonlyArray<Program> = [
  ...streams,
  ...sockets,
  ...tls,
  ...dns,
  ...files,
  ...times
]
