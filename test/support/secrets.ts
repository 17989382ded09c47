/** Looks for what must not be written anywhere, and says what it found without repeating it. */
export interface Secret {
  readonly what: string;
  readonly text: string;
}

export interface Written {
  readonly where: string;
  readonly text: string;
}

export function leaks(written: readonly Written[], secrets: readonly Secret[]): string[] {
  const found = new Set<string>();
  for (const { where, text } of written) {
    for (const secret of secrets) if (text.includes(secret.text)) found.add(`${secret.what} in ${where}`);
  }
  return [...found];
}

/** Characters that could move a cursor, forge a line or end one early. A newline ends a line of a file and is none of them. */
export function controls(written: readonly Written[]): string[] {
  return written.flatMap(({ where, text }) => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
    return /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/.test(text) ? [where] : [];
  });
}
