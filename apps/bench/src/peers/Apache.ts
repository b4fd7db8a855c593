/** Apache's mod_echo with a process for each connection, or a thread. */
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { serve } from "./Peer.ts"

/** More than the connections of any case that it plays. */
const workers = 64

const settings = {
  prefork: `StartServers ${workers}
MinSpareServers ${workers}
MaxSpareServers ${workers}
ServerLimit ${workers}`,
  worker: `StartServers 1
ThreadsPerChild ${workers}
ServerLimit 1`
}

export const serveApache = (model: keyof typeof settings): Promise<void> =>
  serve(({ folder, port }) => {
    const file = join(folder, "apache.conf")
    writeFileSync(
      file,
      `ServerRoot ${folder}
ServerName localhost
LoadModule mpm_${model}_module /usr/lib/apache2/modules/mod_mpm_${model}.so
LoadModule echo_module /usr/lib/apache2/modules/mod_echo.so
Listen 127.0.0.1:${port}
ProtocolEcho On
PidFile ${join(folder, "pid")}
ErrorLog ${join(folder, "error.log")}
MaxRequestWorkers ${workers}
${settings[model]}
`
    )
    return ["apache2", "-f", file, "-DFOREGROUND"]
  })
