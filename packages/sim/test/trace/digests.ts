/** A program for either host: prints what traces of some seeds come to. */
import { digest, runStore } from "./StoreWorld.ts"

process.stdout.write(JSON.stringify([1, 2].map((seed) => digest(runStore(seed)))))
