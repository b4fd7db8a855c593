import { BunBackend } from "@portico/bun"
import { listen, type Mode } from "./Listen.ts"

BunBackend.runMain(listen(process.argv[2] as Mode))
