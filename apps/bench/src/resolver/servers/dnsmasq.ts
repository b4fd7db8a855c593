/** Dnsmasq, forwarding all to the one upstream. */
import { userInfo } from "node:os"
import { serve } from "./NativeServer.ts"

await serve(({ port, upstreamPort }) => [
  "dnsmasq",
  "--conf-file=/dev/null",
  "--no-resolv",
  "--no-hosts",
  `--server=127.0.0.1#${upstreamPort}`,
  `--port=${port}`,
  "--listen-address=127.0.0.1",
  "--bind-interfaces",
  "--keep-in-foreground",
  "--cache-size=10000",
  `--user=${userInfo().username}`,
  "--pid-file"
])
