/**
 * Where disks may hold damage that they do not report: of each region on at most so many disks, so
 * that whoever keeps copies on all of them can recover. Without that rule a simulator destroys
 * every copy, and reports programs that did nothing wrong.
 */
export interface FaultAtlasOptions {
  /** Of the disks that share the atlas, those that may be damaged in one region: 0 or more. */
  readonly damagedMax: number
  /** Length of a region, 1 or more. Default 65,536. */
  readonly regionBytes?: number | undefined
}

export class FaultAtlas {
  private readonly damagedMax: number
  private readonly regionBytes: number
  /** By path and number of the region. */
  private readonly damaged = new Map<string, Set<object>>()

  constructor({ damagedMax, regionBytes = 65_536 }: FaultAtlasOptions) {
    this.damagedMax = damagedMax
    this.regionBytes = regionBytes
  }

  /**
   * Whether `disk` may be damaged there. It then counts as damaged in that region for good: copies
   * are compared by the path that programs open.
   */
  claim(disk: object, path: string, position: number): boolean {
    const region = `${path}:${Math.floor(position / this.regionBytes)}`
    const disks = this.damaged.get(region) ?? new Set()
    if (disks.has(disk)) return true
    if (disks.size >= this.damagedMax) return false
    disks.add(disk)
    this.damaged.set(region, disks)
    return true
  }
}
