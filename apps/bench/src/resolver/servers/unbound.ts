/** Unbound on one thread, forwarding all to the one upstream. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { serve } from "./NativeServer.ts"

await serve(({ folder, port, upstreamPort }) => {
  const file = join(folder, "unbound.conf")
  writeFileSync(
    file,
    `server:
  num-threads: 1
  interface: 127.0.0.1
  port: ${port}
  do-not-query-localhost: no
  module-config: "iterator"
  username: ""
  chroot: ""
  directory: "${folder}"
  pidfile: "${join(folder, "unbound.pid")}"
  use-syslog: no
  do-daemonize: no
forward-zone:
  name: "."
  forward-addr: 127.0.0.1@${upstreamPort}
remote-control:
  control-enable: no
`
  )
  return ["unbound", "-c", file]
})
