/** The threads that lanes have in this process. */

export interface LaneThread {
  /** It was told to end, and did not in time. */
  readonly isOverdue: boolean
}

const living = new Set<LaneThread>()

export const began = (thread: LaneThread): void => void living.add(thread)
export const ended = (thread: LaneThread): void => void living.delete(thread)

export const count = (): number => living.size

export const countOverdue = (): number =>
  Array.from(living).filter(({ isOverdue }) => isOverdue).length
