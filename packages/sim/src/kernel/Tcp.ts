/** TCP as the kernel has it, for hosts to be made with. */
import { arrive } from "./Delivery.ts"
import { synArrived } from "./Handshake.ts"
import type { Protocol } from "./Host.ts"
import { lost } from "./Retransmission.ts"

export const tcp: Protocol = { arrive, synArrived, lost }
