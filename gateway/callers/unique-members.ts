const stringForm = /"(?:[^"\\]|\\.)*"/y;

/**
 * Whether no object within the JSON text `json`, which has to be valid, names a member twice. `JSON.parse` takes the last of
 * two and other readers the first, so that two parts of a system could see two callers in one token (RFC 8725, 2.4).
 */
export function hasUniqueMembers(json: string): boolean {
  const open: Set<string>[] = [];
  let index = 0;
  while (index < json.length) {
    const character = json[index];
    if (character === '"') {
      stringForm.lastIndex = index;
      const [text = '""'] = stringForm.exec(json) ?? [];
      index += text.length;
      if (!isMemberName(json, index)) continue;
      // Two spellings, "sub" and "\u0073ub", are one name.
      const name = String(JSON.parse(text));
      const members = open.at(-1);
      if (members?.has(name)) return false;
      members?.add(name);
    } else {
      // An array has no names of its own; its set keeps the brackets balanced.
      if (character === '{' || character === '[') open.push(new Set());
      else if (character === '}' || character === ']') open.pop();
      index++;
    }
  }
  return true;
}

function isMemberName(json: string, after: number): boolean {
  let index = after;
  while (/[ \t\n\r]/.test(json[index] ?? '')) index++;
  return json[index] === ':';
}
