// Finds English that stands in the code of the page instead of in these files: for the test that keeps it out.

/** A literal of the source; what is computed inside a template stands as one mark. */
export interface Literal {
  readonly line: number;
  /** The name before a template, as `html`; none for strings. */
  readonly tag: string;
  readonly text: string;
  /** The code just before it. */
  readonly before: string;
}

/** A word or more that a reader would see or hear. */
export interface Found {
  readonly line: number;
  readonly text: string;
}

const HOLE = "\ufffc";
/** After these a slash begins a regular expression, and does not divide. */
const BEFORE_REGEX = /(^|[=(,:;!&|?{}[\n+]|=>|\breturn)\s*$/;

/** All string and template literals of a TypeScript source, inner ones first. */
export function literalsOf(source: string): readonly Literal[] {
  const found: Literal[] = [];
  let at = 0;

  const before = (place: number): string => source.slice(Math.max(0, place - 40), place);
  const lineAt = (place: number): number => source.slice(0, place).split("\n").length;

  function quoted(quote: string): void {
    const begin = ++at;
    while (at < source.length && source[at] !== quote) at += source[at] === "\\" ? 2 : 1;
    found.push({ line: lineAt(begin), tag: "", text: source.slice(begin, at), before: before(begin - 1) });
    at++;
  }

  function template(): void {
    const begin = at++;
    const tag = /(\w+)$/.exec(before(begin))?.[1] ?? "";
    let text = "";
    while (at < source.length && source[at] !== "`") {
      if (source.startsWith("${", at)) {
        at += 2;
        code("}");
        text += HOLE;
      } else {
        const length = source[at] === "\\" ? 2 : 1;
        text += source.slice(at, at + length);
        at += length;
      }
    }
    at++;
    found.push({ line: lineAt(begin), tag, text, before: before(begin) });
  }

  function regex(): void {
    let inClass = false;
    for (at++; at < source.length && (inClass || source[at] !== "/"); at++) {
      if (source[at] === "\\") at++;
      else if (source[at] === "[") inClass = true;
      else if (source[at] === "]") inClass = false;
    }
    at++;
  }

  /** Code up to a closing brace that belongs to what is around it. */
  function code(end: string): void {
    let depth = 0;
    while (at < source.length) {
      const char = source[at] ?? "";
      if (source.startsWith("//", at)) at = (source.indexOf("\n", at) + source.length + 1) % (source.length + 1);
      else if (source.startsWith("/*", at)) at = source.indexOf("*/", at) + 2;
      else if (char === '"' || char === "'") quoted(char);
      else if (char === "`") template();
      else if (char === "/" && BEFORE_REGEX.test(source.slice(Math.max(0, at - 20), at))) regex();
      else if (depth === 0 && char === end) break;
      else {
        if (char === "{") depth++;
        if (char === "}") depth--;
        at++;
      }
    }
    at++;
  }

  code("");
  return found;
}

const WORD = /\p{L}{2}/u;
/** Attributes that are read or spoken. */
const SPOKEN =
  /\b(aria-(?:label|description|valuetext|roledescription|placeholder)|title|placeholder|alt|label)="([^"]*)"/g;
/** Two words, or a word and a number or value, with a space between: no name, path or selector of one part. */
const SENTENCE = /\p{L}[,.:;)!?]? [\p{L}\d\ufffc(]|\ufffc[:,]? \p{L}{2,}/u;
/** What is thrown may be shown, be it a single word. */
const THROWS = /\b(User)?Error\(\s*$/;
/** What takes selectors. */
const SELECTS = /(query|querySelector(All)?(<\w+>)?|matches|closest)\(\s*$/;

function inMarkup({ line, text }: Literal): readonly Found[] {
  const spoken = [...text.matchAll(SPOKEN)].map(([, , value = ""]) => value);
  const between = text.replaceAll(/<!--.*?-->|<[^>]*>/gs, "\n").split(/[\n\ufffc]/);
  return [...between, ...spoken]
    .map((part) => part.trim().replaceAll(HOLE, "…"))
    .filter((part) => WORD.test(part))
    .map((part) => ({ line, text: part }));
}

function inCode({ line, text, before }: Literal): readonly Found[] {
  const isRead = SENTENCE.test(text) || (WORD.test(text) && THROWS.test(before));
  return isRead && !SELECTS.test(before) ? [{ line, text: text.replaceAll(HOLE, "…") }] : [];
}

const isStyleSheet = ({ tag, text, before }: Literal): boolean =>
  tag === "css" || before.endsWith("unsafeCSS(") || /^\s*:host\b/.test(text);

/** The English in a source of the page or its workers. */
export function wordsIn(source: string): readonly Found[] {
  return literalsOf(source)
    .flatMap((literal) => {
      if (literal.tag === "html" || literal.tag === "svg") return inMarkup(literal);
      return isStyleSheet(literal) ? [] : inCode(literal);
    })
    .sort((one, other) => one.line - other.line);
}
