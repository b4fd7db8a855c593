/**
 * Fibers that yield wherever a scheduler may let them, so that whatever a law does at the same time
 * comes between any two of their operations.
 */
import type * as Fiber from "effect/Fiber"
import type { Backend } from "@portico/core"
import { overriding, type PortChange } from "./FaultyPorts.ts"

type AnyFiber = Fiber.Fiber<unknown, unknown>

// The first operation after a resume is the end of a wait, the second is what comes of it: yielding
// there again and again would get nowhere.
const opsMin = 3

export const yieldingFibers: PortChange = (ports: Backend.BackendPorts) => {
  const { scheduler } = ports
  const shouldYield = (fiber: AnyFiber): boolean =>
    scheduler.shouldYield(fiber) || fiber.currentOpCount >= opsMin
  return { ...ports, scheduler: overriding(scheduler, { shouldYield }) }
}
