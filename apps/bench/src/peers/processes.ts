import { compiled, serve } from "./Peer.ts"

await serve(({ folder, port }) => [compiled("processes.c", folder), `${port}`])
