/**
 * `pnpm app <name> --on node|bun [options]` starts an app of this repository on a host.
 *
 * The launcher becomes the app instead of standing above it, so standard input and output, signals
 * and the exit code are the app's own.
 */
import { existsSync } from "node:fs"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"

const usage = "Usage: pnpm app <name> --on node|bun [options]"

const apps = fileURLToPath(new URL("../..", import.meta.url))

// The executables themselves: `execve` does not search PATH.
const bun = () =>
  join(dirname(createRequire(import.meta.url).resolve("bun/package.json")), "bin/bun.exe")

const hosts = new Map<string, () => ReadonlyArray<string>>([
  ["node", () => [process.execPath, "-C", "source"]],
  ["bun", () => [bun(), "--conditions=source"]]
])

const refuse = (problem: string): never => {
  process.stderr.write(`${problem}\n${usage}\n`)
  process.exit(2)
}

const [name, on, host, ...options] = process.argv.slice(2)
if (name === undefined) refuse("Cannot start an app: no name")
if (on !== "--on") refuse(`Cannot start ${name}: no --on`)

const command = hosts.get(host ?? "")?.() ?? refuse(`Cannot start ${name}: unknown host: ${host}`)
const main = join(apps, `${name}/src/main.${host}.ts`)
if (!existsSync(main)) refuse(`Cannot start ${name}: no such file: ${main}`)

process.execve!(command[0]!, [...command, main, ...options])
