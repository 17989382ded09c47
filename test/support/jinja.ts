/**
 * The small part of Jinja that our Home Assistant templates keep to: paths, subscripts, mappings with `get`, membership, conditions, the
 * filters `default` and `int`, `set`, and `now()`. Whatever else a template uses is refused, so that none grows unnoticed.
 * As in Jinja, a missing field is undefined, a field of none is undefined, and a field of an undefined is an error.
 */
export interface JinjaInput {
  readonly value_json?: unknown;
  readonly value?: string;
  readonly nowMs?: number;
}

type Scope = Record<string, unknown>;

const token = /\s*(?:("(?:[^"\\]|\\.)*"|'[^']*')|(\d+)|([A-Za-z_]\w*)|(==|[(){}[\]:,.|+*]))/y;

function tokensOf(text: string): string[] {
  const tokens: string[] = [];
  token.lastIndex = 0;
  while (text.slice(token.lastIndex).trim() !== "") {
    const at = token.lastIndex;
    const found = token.exec(text);
    if (found === null) throw new Error(`not in our part of Jinja: ${text.slice(at)}`);
    tokens.push(found[0].trim());
  }
  return tokens;
}

class Expression {
  private readonly tokens: string[];
  private readonly scope: Scope;
  private at = 0;

  constructor(text: string, scope: Scope) {
    this.tokens = tokensOf(text);
    this.scope = scope;
  }

  value(): unknown {
    const value = this.condition();
    if (this.at < this.tokens.length) throw new Error(`not in our part of Jinja: ${this.tokens[this.at]}`);
    return value;
  }

  private takes(word: string): boolean {
    if (this.tokens[this.at] !== word) return false;
    this.at++;
    return true;
  }

  private must(word: string): void {
    if (!this.takes(word)) throw new Error(`expected ${word}, not ${this.tokens[this.at]}`);
  }

  private condition(): unknown {
    const then = this.either();
    if (!this.takes("if")) return then;
    const holds = isTrue(this.either());
    this.must("else");
    const otherwise = this.condition();
    return holds ? then : otherwise;
  }

  private either(): unknown {
    let value = this.comparison();
    while (this.takes("or")) {
      const other = this.comparison();
      value = isTrue(value) ? value : other;
    }
    return value;
  }

  private comparison(): unknown {
    const value = this.sum();
    if (this.takes("in")) return (this.sum() as unknown[]).includes(value);
    return this.takes("==") ? value === this.sum() : value;
  }

  private sum(): unknown {
    let value = this.product();
    while (this.takes("+")) value = (value as number) + (this.product() as number);
    return value;
  }

  private product(): unknown {
    let value = this.filtered();
    while (this.takes("*")) value = (value as number) * (this.filtered() as number);
    return value;
  }

  private filtered(): unknown {
    let value = this.called();
    while (this.takes("|")) {
      const name = this.tokens[this.at++];
      if (name === "int") value = Math.trunc(value as number);
      else if (name === "default") {
        const [fallback] = this.list("(", ")");
        value = value === undefined ? fallback : value;
      } else throw new Error(`no such filter: ${name}`);
    }
    return value;
  }

  private called(): unknown {
    let value = this.primary();
    for (;;) {
      if (this.takes(".")) value = fieldOf(value, this.tokens[this.at++] ?? "");
      else if (this.tokens[this.at] === "[") value = fieldOf(value, String(this.list("[", "]")[0]));
      else if (this.tokens[this.at] === "(" && typeof value === "function") value = value(...this.list("(", ")"));
      else return value;
    }
  }

  private list(open: string, close: string): unknown[] {
    this.must(open);
    const values: unknown[] = [];
    while (!this.takes(close)) {
      values.push(this.condition());
      this.takes(",");
    }
    return values;
  }

  private mapping(): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>();
    while (!this.takes("}")) {
      const key = this.condition();
      this.must(":");
      map.set(key, this.condition());
      this.takes(",");
    }
    return map;
  }

  private primary(): unknown {
    const word = this.tokens[this.at] ?? "";
    if (word === "[") return this.list("[", "]");
    this.at++;
    if (word === "{") return this.mapping();
    if (word === "(") {
      const value = this.condition();
      this.must(")");
      return value;
    }
    if (/^["']/.test(word)) return word.slice(1, -1);
    if (/^\d/.test(word)) return Number(word);
    if (word === "none") return null;
    if (word === "true" || word === "false") return word === "true";
    if (!Object.hasOwn(this.scope, word)) throw new Error(`no such name: ${word}`);
    return this.scope[word];
  }
}

const isTrue = (value: unknown): boolean => (Array.isArray(value) ? value.length > 0 : Boolean(value));

function fieldOf(value: unknown, name: string): unknown {
  if (value === undefined) throw new Error(`a field of nothing: ${name}`);
  if (value instanceof Map) return name === "get" ? (key: unknown) => value.get(key) ?? null : undefined;
  if (value === null || typeof value !== "object") return undefined;
  return Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
}

function written(value: unknown): string {
  if (value === undefined) return "";
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  return String(value);
}

export function renderJinja(template: string, { value_json, value, nowMs = 0 }: JinjaInput): string {
  const scope: Scope = { value_json, value, now: () => ({ timestamp: () => nowMs / 1_000 }) };
  return template.replace(/\{%\s*set (\w+) = (.*?)\s*%\}|\{\{(.*?)\}\}(?!\})/g, (_all, name, set, shown) => {
    if (typeof name === "string") {
      scope[name] = new Expression(set as string, scope).value();
      return "";
    }
    return written(new Expression(shown as string, scope).value());
  });
}
