/**
 * nginx cannot echo, so its stream module relays to an echo in C, which is not measured: two
 * sockets for each connection instead of one.
 */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { compiled, makeFolder, serve, start } from "./Peer.ts"

const upstream = await start(
  ({ folder, port }) => [compiled("epoll.c", folder), `${port}`],
  makeFolder()
)

await serve(({ folder, port }) => {
  const file = join(folder, "nginx.conf")
  writeFileSync(
    file,
    `load_module /usr/lib/nginx/modules/ngx_stream_module.so;
daemon off;
master_process off;
pid ${join(folder, "pid")};
error_log ${join(folder, "error.log")} crit;
worker_rlimit_nofile 20000;
events { worker_connections 20000; }
stream {
  server {
    listen 127.0.0.1:${port};
    proxy_pass 127.0.0.1:${upstream.port};
    tcp_nodelay on;
  }
}
`
  )
  return ["nginx", "-c", file, "-p", folder, "-e", join(folder, "error.log")]
})
