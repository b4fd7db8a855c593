/** Paths as text, with `/` between names: every host that we know takes it. */

/** Without the slashes at its end, unless it is all slashes. */
const trimmed = (path: string): string => {
  let end = path.length
  while (end > 1 && path[end - 1] === "/") end--
  return path.slice(0, end)
}

/** The directory that a path's last name stands in; of a root the root itself. */
export const parentOf = (path: string): string => {
  const whole = trimmed(path)
  const slash = whole.lastIndexOf("/")
  if (slash === -1) return "."
  return slash === 0 ? "/" : trimmed(whole.slice(0, slash))
}

/** The last name of a path. */
export const nameOf = (path: string): string => {
  const whole = trimmed(path)
  return whole.slice(whole.lastIndexOf("/") + 1)
}

export const join = (directory: string, name: string): string =>
  directory.endsWith("/") ? `${directory}${name}` : `${directory}/${name}`
