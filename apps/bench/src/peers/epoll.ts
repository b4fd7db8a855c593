import { compiled, serve } from "./Peer.ts"

await serve(({ folder, port }) => [compiled("epoll.c", folder), `${port}`])
