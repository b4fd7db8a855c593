/**
 * A Vitest reporter that ends a run in which a test file has blocked its worker's thread.
 *
 * Vitest times a test out from inside its worker, which a loop that never yields does not allow:
 * without this the run would hang and not say where.
 */
import type { Reporter, TestCase, TestModule } from "vitest/node"

interface Running {
  timer: NodeJS.Timeout
  /** The last thing heard from the file. */
  last: string
}

export class Stuck implements Reporter {
  private readonly silenceMillisMax: number
  private readonly ended = new Set<string>()
  private readonly running = new Map<string, Running>()

  /** `silenceMillisMax` bounds the longest test as well: the worker speaks between tests only. */
  constructor(silenceMillisMax: number) {
    this.silenceMillisMax = silenceMillisMax
  }

  onTestModuleQueued(module: TestModule): void {
    this.heard(module, "queued")
  }

  onTestModuleCollected(module: TestModule): void {
    this.heard(module, "collected")
  }

  onTestCaseReady(test: TestCase): void {
    this.heard(test.module, `started: ${test.fullName}`)
  }

  onTestCaseResult(test: TestCase): void {
    this.heard(test.module, `ended: ${test.fullName}`)
  }

  onTestModuleEnd(module: TestModule): void {
    clearTimeout(this.running.get(module.id)?.timer)
    this.running.delete(module.id)
    this.ended.add(module.id)
  }

  onTestRunEnd(): void {
    this.ended.clear()
    for (const { timer } of this.running.values()) clearTimeout(timer)
    this.running.clear()
  }

  private heard(module: TestModule, last: string): void {
    // The result of a module's last test may be told after its end.
    if (this.ended.has(module.id)) return
    clearTimeout(this.running.get(module.id)?.timer)
    const timer = setTimeout(() => this.giveUp(module), this.silenceMillisMax)
    this.running.set(module.id, { timer, last })
  }

  private giveUp(module: TestModule): void {
    const seconds = this.silenceMillisMax / 1000
    const last = this.running.get(module.id)?.last
    process.stderr.write(
      `Stuck: |${module.project.name}| ${module.moduleId} was silent for ${seconds} s, ${last}\n`
    )
    process.exit(1)
  }
}
