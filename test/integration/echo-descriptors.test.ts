/** Echo runs out of descriptors: it goes on with whom it has, and recovers. */
import type * as Net from "node:net"
import { describe, expect, it } from "vitest"
import { connect, exchange, roundTrip } from "./Client.ts"
import { startEcho } from "./Echo.ts"
import { until } from "./Poll.ts"
import * as Proc from "./Proc.ts"
import { hosts } from "./Program.ts"
