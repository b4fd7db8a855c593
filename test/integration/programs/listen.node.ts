import { NodeBackend } from "@portico/node"
import { listen, type Mode } from "./Listen.ts"

NodeBackend.runMain(listen(process.argv[2] as Mode))
