/**
 * What programs that never heard of Portico ask Effect for, in a simulated world: a world's
 * services become Effect's own. `Clock`, `Random` and the scheduler every world gives by itself.
 */
import type { Backend } from "@portico/core/Backend"
import type { Files } from "@portico/core/Files"
import type { Resolver } from "@portico/core/Resolver"
import type { Watch } from "@portico/core/Watch"
import type { SecureRandom } from "effect/crypto/SecureRandom"
import type { FileSystem } from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as AddressResolver from "effect/net/AddressResolver"
import type { Dns } from "effect/net/Dns"
import * as Path from "effect/Path"
import * as SimDns from "./SimDns.ts"
import * as SimFileSystem from "./SimFileSystem.ts"
import * as SimSecureRandom from "./SimSecureRandom.ts"

/** Those that need to be told nothing. */
export type Services = AddressResolver.AddressResolver | Dns | FileSystem | Path.Path | SecureRandom

/**
 * In place of platform-node's `NodeServices.layer`, for a world of one host or for a process of
 * one of many. Sockets are of an address, so they have layers of their own: `SimSocket.layerNet`,
 * `SimSocketServer.layer`, `SimDatagramSocket.layer`. So has `SimConsole`, which prints elsewhere.
 */
export const layer: Layer.Layer<Services, never, Backend | Files | Resolver | Watch> =
  Layer.mergeAll(
    SimFileSystem.layer,
    Path.layer,
    SimSecureRandom.layer,
    Layer.provideMerge(AddressResolver.layer(), SimDns.layer)
  )
