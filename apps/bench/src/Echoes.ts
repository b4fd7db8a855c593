/** Who plays an echo on either host: the raw host, Portico on it, and Effect's own server on it. */
import type { Contestant } from "./Contestant.ts"
import type { Host } from "./Host.ts"

const hosts: ReadonlyArray<Host> = ["node", "bun"]

export interface Echoes {
  /** Below `servers`, with its slash: `tls/`, or nothing. */
  readonly folder: string
  /** Whether Portico also plays without a fiber. */
  readonly hasPump: boolean
}

export const echoes = ({ folder, hasPump }: Echoes): ReadonlyArray<Contestant> =>
  hosts.flatMap((host) => {
    const one = (name: string, file: string): Contestant => ({
      name,
      host,
      program: new URL(`servers/${folder}${file}`, import.meta.url),
      ratioTo: `${host}-raw`
    })
    return [
      one(`${host}-raw`, `${host}-raw.ts`),
      one(`portico-${host}`, `portico.${host}.ts`),
      ...(hasPump ? [one(`portico-${host}-pump`, `pump.${host}.ts`)] : []),
      one(`effect-${host}`, "effect.ts")
    ]
  })
