/** Colours by class, so that a plot reads on a light and on a dark page; it brings its own ground. */
const style = `
  .ground { fill: #ffffff } .text { fill: #24292f } .muted { fill: #57606a } .grid { stroke: #d0d7de }
  .other { fill: #57606a; stroke: #57606a } .ours { fill: #0969da; stroke: #0969da }
  .caps { fill: #bc4c00; stroke: #bc4c00 } .line { fill: none; stroke-width: 1.5 }
  text { font: 12px ui-sans-serif, system-ui, 'Segoe UI', Helvetica, Arial, sans-serif; stroke: none }
  .title { font-size: 14px; font-weight: 600 } .end { text-anchor: end } .middle { text-anchor: middle }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #0d1117 } .text { fill: #e6edf3 } .muted { fill: #9198a1 } .grid { stroke: #30363d }
    .other { fill: #9198a1; stroke: #9198a1 } .ours { fill: #58a6ff; stroke: #58a6ff }
    .caps { fill: #f0883e; stroke: #f0883e }
  }`;

export interface SvgPage {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  /** Says the same in words, for who cannot see it. */
  readonly description: string;
}

/** A picture without scripts; `elements` are drawn in their order. */
export function svgPage({ width, height, title, description }: SvgPage, elements: readonly string[]): string {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<desc>${escaped(description)}</desc>`,
    `<style>${style}\n</style>`,
    `<rect class="ground" width="${width}" height="${height}"/>`,
    ...elements,
    '</svg>\n',
  ].join('\n');
}

/** Text whose baseline begins at x and y, or ends or has its middle there by class `end` or `middle`. */
export function svgText(x: number, y: number, classes: string, text: string): string {
  return `<text class="${classes}" x="${rounded(x)}" y="${rounded(y)}">${escaped(text)}</text>`;
}

export function svgLine(
  classes: string,
  from: readonly [number, number],
  to: readonly [number, number],
): string {
  const [x1, y1, x2, y2] = [...from, ...to].map((value) => rounded(value));
  return `<line class="${classes}" x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"/>`;
}

export function svgDot(classes: string, [x, y]: readonly [number, number]): string {
  return `<circle class="${classes}" cx="${rounded(x)}" cy="${rounded(y)}" r="4"/>`;
}

export function svgPath(classes: string, points: readonly (readonly [number, number])[]): string {
  const list = points.map(([x, y]) => `${rounded(x)},${rounded(y)}`).join(' ');
  return `<polyline class="${classes}" points="${list}"/>`;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
