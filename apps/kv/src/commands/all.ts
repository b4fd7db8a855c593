/** Every command. */
import { CommandTable } from "./CommandTable.ts"
import { connections } from "./connection.ts"
import { counters } from "./counters.ts"
import { expiry } from "./expiry.ts"
import { hashes } from "./hashes.ts"
import { keyCommands } from "./keys.ts"
import { listItems } from "./listItems.ts"
import { lists } from "./lists.ts"
import { pubsubs } from "./pubsub.ts"
import { servers } from "./server.ts"
import { sets } from "./set.ts"
import { strings } from "./strings.ts"
import { transactions } from "./transactions.ts"

export const commandTable = new CommandTable([
  ...strings,
  ...sets,
  ...counters,
  ...expiry,
  ...keyCommands,
  ...lists,
  ...listItems,
  ...hashes,
  ...transactions,
  ...pubsubs,
  ...connections,
  ...servers
])
