import { compiled, serve } from "./Peer.ts"

await serve(({ folder, port }) => [compiled("threads.c", folder), `${port}`])
