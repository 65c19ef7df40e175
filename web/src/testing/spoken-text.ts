// What a person reads or hears and a file says itself, instead of taking it from `words/`: found in
// the file's syntax, so that no sentence is forgotten and no code is taken for one.
import { parseSync } from 'vite';

/** What screen readers say, or the kit shows. */
const SPOKEN =
  /^(aria-(label|description|placeholder|roledescription|valuetext)|title|placeholder|alt|label|description|hint|lead|what|problem|confirm|message|fix|about|keywords)$/;
/** Keys and code are the same in every language. */
const CODE_ELEMENTS = new Set(['Kbd', 'code', 'kbd', 'pre']);
const KEYS =
  /^(Arrow\w+|Backspace|CapsLock|Control|Ctrl|End|Enter|Esc|Escape|Home|Meta|Shift|Space)$/;
/** They are called so in every language. */
const NAMES =
  /^(API|Android|Boolean|Chrome|Dialpad|Edge|Firefox|GraphQL|HTTP|JSON|Linux|Opera|Python|Safari|Trunkline|UTC|Windows)$/;
/** Types, and names of modules. */
const SILENT = /^(ImportDeclaration|ExportAllDeclaration|TS(Literal|Interface|Type))/;
const LETTER = /\p{L}/u;
/** Two words of which the first begins with a capital, or one that is all there is. */
const SENTENCE = /^\p{Lu}[\p{L}’'-]*[,:]? \S*\p{L}|^\p{Lu}\p{Ll}+[….]?$/u;

interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

/** Something that a person would have to read. */
const isSaid = (text: string) => LETTER.test(text) && !KEYS.test(text) && !NAMES.test(text);

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

export function spokenTexts(name: string, source: string): string[] {
  const { program, errors } = parseSync(name, source);
  if (errors.length > 0) throw new Error(`${name} cannot be read: ${errors[0]?.message}`);
  const found = new Map<number, string>();
  const take = (nodes: Node[]) => {
    for (const { start, end } of nodes) {
      found.set(start, source.slice(start, end).replace(/\s+/g, ' ').trim());
    }
  };
  const walk = (node: Node) => {
    if (SILENT.test(node.type)) return;
    take(spokenOf(node));
    for (const child of childrenOf(node)) walk(child);
  };
  walk(program as unknown as Node);
  return [...found.values()];
}

function childrenOf(node: Node): Node[] {
  if (node.type === 'JSXAttribute' && isNode(node.value) && node.value.type === 'Literal')
    return [];
  return Object.values(node).flat().filter(isNode);
}

/** What a node says by its own place: in an element, in an attribute, as a value. */
function spokenOf(node: Node): Node[] {
  switch (node.type) {
    case 'JSXElement':
    case 'JSXFragment':
      return CODE_ELEMENTS.has(elementName(node)) ? [] : (node.children as Node[]).flatMap(saidBy);
    case 'JSXAttribute':
      return SPOKEN.test(String((node.name as Node).name)) ? saidBy(node.value) : [];
    case 'Property':
      return SPOKEN.test(keyName(node)) ? saidBy(node.value) : [];
    case 'Literal':
    case 'TemplateLiteral':
      return SENTENCE.test(textOf(node)) && isSaid(textOf(node)) ? [node] : [];
    default:
      return [];
  }
}

/** The texts that an expression may come out as. */
function saidBy(value: unknown): Node[] {
  if (!isNode(value)) return [];
  switch (value.type) {
    case 'JSXText':
    case 'Literal':
    case 'TemplateLiteral':
      return isSaid(textOf(value)) ? [value] : [];
    case 'ConditionalExpression':
      return [value.consequent, value.alternate].flatMap(saidBy);
    case 'BinaryExpression':
      return value.operator === '+' ? [value.left, value.right].flatMap(saidBy) : [];
    case 'LogicalExpression':
      return [value.left, value.right].flatMap(saidBy);
    case 'JSXExpressionContainer':
    case 'TSAsExpression':
      return saidBy(value.expression);
    default:
      return [];
  }
}

/** What it says, without what is put into it. */
function textOf(node: Node): string {
  if (node.type === 'TemplateLiteral') {
    const parts = node.quasis as { value: { cooked: string } }[];
    return parts
      .map(({ value }) => value.cooked)
      .join('')
      .trim();
  }
  return typeof node.value === 'string' ? node.value.trim() : '';
}

function elementName(node: Node): string {
  const opening = node.openingElement;
  return isNode(opening) && isNode(opening.name) ? String(opening.name.name) : '';
}

function keyName({ key }: Node): string {
  return isNode(key) ? String(key.name ?? key.value) : '';
}
