import { readdirSync, readFileSync } from 'node:fs';

/** Clock ticks in a second, which Linux has as 100 on every platform that Node runs on (`getconf CLK_TCK`). */
const ticksPerSecond = 100;

/**
 * Milliseconds of processor time, user's and system's, that the process `pid` and its descendants have used in all of
 * their threads (proc_pid_stat(5)). Linux only.
 */
export function processCpuMs(pid: number): number {
  const parents = new Map<number, number>();
  const ticks = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : null;
    if (stat === null) continue;
    parents.set(Number(name), stat.parent);
    ticks.set(Number(name), stat.ticks);
  }
  const isOfTree = (id: number | undefined): boolean =>
    id !== undefined && (id === pid || isOfTree(parents.get(id)));
  const used = [...ticks].filter(([id]) => isOfTree(id)).reduce((sum, [, each]) => sum + each, 0);
  return (used * 1000) / ticksPerSecond;
}

/** Null for a process that has ended. */
function statOf(pid: number): { parent: number; ticks: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name of the program, in parentheses, may hold spaces; the state is the first field after it.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    return null;
  }
}
