import { compiled, serve } from "./Peer.ts"

await serve(({ folder, port }) => [compiled("libuv.c", folder, "-luv"), `${port}`])
