/** Names the segment of users of `regions` in taste cluster `cluster`; several regions, or all, count as one, `*`. */
export function userSegment(regions: readonly string[] | null, cluster: number | 'new'): string {
  const [region] = regions ?? [];
  return `${region === undefined || regions?.length !== 1 ? '*' : region}:${cluster}`;
}
