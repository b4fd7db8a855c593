import { fileURLToPath } from "node:url"
import { serve } from "./Peer.ts"

const program = fileURLToPath(new URL("twisted_echo.py", import.meta.url))

await serve(({ port }) => ["/usr/bin/python3", program, `${port}`])
