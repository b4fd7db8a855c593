/** Echo servers that are not ours, where the machine has what they need. */
import type { Contestant } from "../Contestant.ts"
import { isInstalled, isReadable } from "../Found.ts"

interface Peer {
  readonly name: string
  /** Of `src/peers`. */
  readonly file: string
  readonly isFound: () => boolean
  readonly needs: string
  readonly plays?: ReadonlyArray<string>
}

const isCompiled = (): boolean => isInstalled("gcc")
const apacheHas = (module: string): boolean =>
  isInstalled("apache2") && isReadable(`/usr/lib/apache2/modules/mod_${module}.so`)

/** Its `mod_echo` reads lines of at most 8 KB and holds a process or thread for each connection. */
const apachePlays = ["ping-pong", "in-flight-16"]

/** `descriptors-256` is of the hosts: how each of these limits itself differs too much. */
const most = ["ping-pong", "in-flight-16", "bulk-64k", "idle-10k", "greedy"]

const looked: ReadonlyArray<Peer> = [
  {
    name: "libuv-c",
    file: "libuv.ts",
    isFound: () => isCompiled() && isReadable("/usr/include/uv.h"),
    needs: "gcc and libuv's headers"
  },
  { name: "epoll-c", file: "epoll.ts", isFound: isCompiled, needs: "gcc" },
  {
    name: "nginx-relay",
    file: "nginx.ts",
    isFound: () =>
      isCompiled() &&
      isInstalled("nginx") &&
      isReadable("/usr/lib/nginx/modules/ngx_stream_module.so"),
    needs: "nginx with its stream module, and gcc",
    plays: ["ping-pong", "in-flight-16", "bulk-64k"]
  },
  {
    name: "apache-prefork",
    file: "apache-prefork.ts",
    isFound: () => apacheHas("mpm_prefork") && apacheHas("echo"),
    needs: "apache2 with mpm_prefork and mod_echo",
    plays: apachePlays
  },
  {
    name: "apache-worker",
    file: "apache-worker.ts",
    isFound: () => apacheHas("mpm_worker") && apacheHas("echo"),
    needs: "apache2 with mpm_worker and mod_echo",
    plays: apachePlays
  },
  {
    name: "twisted",
    file: "twisted.ts",
    isFound: () => isReadable("/usr/lib/python3/dist-packages/twisted/__init__.py"),
    needs: "the system's Python with Twisted"
  },
  {
    name: "eventmachine",
    file: "eventmachine.ts",
    isFound: () => isReadable("/usr/lib/ruby/vendor_ruby/eventmachine.rb"),
    needs: "the system's Ruby with EventMachine"
  }
]

export const peers: ReadonlyArray<Contestant> = looked
  .filter(({ isFound }) => isFound())
  .map(({ file, name, plays }) => ({
    name,
    host: "node",
    program: new URL(`../peers/${file}`, import.meta.url),
    ratioTo: "node-raw",
    isPeer: true,
    plays: plays ?? most
  }))

export const absent: ReadonlyArray<string> = looked
  .filter(({ isFound }) => !isFound())
  .map(({ name, needs }) => `${name} (${needs} not found)`)
