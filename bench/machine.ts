import { readFileSync } from 'node:fs';
import { cpus, platform, release, totalmem } from 'node:os';

/** One line for a report's head: date, processors, memory, system and Node. */
export function machineLine(now = new Date()): string {
  const processors = cpus();
  const memory = (totalmem() / 2 ** 30).toFixed(0);
  const day = now.toISOString().slice(0, 10);
  const model = processors[0]?.model.trim() ?? 'unknown processor';
  return `${day} · ${processors.length} × ${model} · ${memory} GiB · ${platform()} ${release()} · Node ${process.versions.node}`;
}

/** The locked version of each package, as `name version`. */
export function versionsOf(names: readonly string[]): string {
  return names
    .map((name) => {
      const file = new URL(`../node_modules/${name}/package.json`, import.meta.url);
      const { version }: { version?: unknown } = JSON.parse(readFileSync(file, 'utf8'));
      return `${name} ${String(version)}`;
    })
    .join(', ');
}
