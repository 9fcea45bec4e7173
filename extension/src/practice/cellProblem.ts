/** What notebooks and cells say about the problem that they belong to. */

/** The problem that a cell's metadata asks an editor for: `greenroom: {problem, role: "editor"}`. */
export function problemOf(metadata: unknown): string | null {
  if (typeof metadata !== 'object' || metadata === null) {
    return null;
  }
  return (metadata as { role?: unknown }).role === 'editor' ? idIn(metadata) : null;
}

/** The id in `greenroom: {problem}` of a cell or a whole notebook. */
export function idIn(metadata: unknown): string | null {
  const problem = (metadata as { problem?: unknown } | null | undefined)?.problem;
  return typeof problem === 'string' && /^[a-z0-9][a-z0-9-]*$/.test(problem) ? problem : null;
}
