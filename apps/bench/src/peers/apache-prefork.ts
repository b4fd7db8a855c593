import { serveApache } from "./Apache.ts"

await serveApache("prefork")
