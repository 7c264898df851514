import type { ChildServer } from './child-server.ts';

/** The series of the server's metrics, by name with labels; the server has an `ADMIN_PORT`. */
export async function readSeries(server: ChildServer): Promise<Map<string, number>> {
  const url = /Metrics at (http:\S+)/.exec(server.output())?.[1] ?? '';
  const answer = await fetch(url);
  const series = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(series.map((line) => [line.replace(/ \S+$/, ''), Number(line.split(' ').at(-1))]));
}
