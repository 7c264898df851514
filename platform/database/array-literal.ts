/**
 * Returns PostgreSQL's text form of a text array, for a parameter. Lists of unequal length, such as one row's tags
 * beside another's, cannot be one array parameter: send each as a text and cast it, `tags::text[]`.
 */
export function arrayLiteral(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replaceAll(/[\\"]/g, String.raw`\$&`)}"`).join(',')}}`;
}
