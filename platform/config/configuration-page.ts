import { configSchema } from './config.ts';

/** The text of `docs/reference/configuration.md`: every variable of the schema with its default and its description. */
export function configurationPage(): string {
  const rows = Object.entries(configSchema.shape).map(([name, type]) => {
    const { data } = type.safeParse(undefined);
    const values = (Array.isArray(data) ? data : [data]).filter((value) => value !== undefined);
    const text = values.map((value) => (typeof value === 'object' ? '' : String(value))).join(',');
    const standard = text === '' ? '' : `\`${text}\``;
    return `| \`${name}\` | ${standard} | ${(type.description ?? '').replaceAll('|', '\\|')} |`;
  });
  return `# Configuration

<!-- Written by \`npm run generate\` from platform/config/config.ts; do not edit. -->

Bouquet is configured by environment variables. None is needed: what is absent or empty is embedded or has the default
below. A wrong value stops the start with one line per mistake and exit code 2; no message repeats a value.

| Variable | Default | What it does |
| --- | --- | --- |
${rows.join('\n')}
`;
}
