import { fileURLToPath } from "node:url"
import { serve } from "./Peer.ts"

const program = fileURLToPath(new URL("eventmachine_echo.rb", import.meta.url))

await serve(({ port }) => ["/usr/bin/ruby", program, `${port}`])
