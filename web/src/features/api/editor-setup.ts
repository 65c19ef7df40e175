// What the editor can do. It stays within the page's policy: its styles carry the page's nonce, it
// starts no worker, and Tab leaves it, as it leaves every other field.
import {
  autocompletion,
  type CompletionContext,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { bracketMatching, indentOnInput, indentUnit } from '@codemirror/language';
import { EditorState, type Extension, Prec } from '@codemirror/state';
import { drawSelection, EditorView, keymap, lineNumbers, placeholder } from '@codemirror/view';
import { styleNonce } from '~/lib/nonce';
import { suggest } from './completion';
import { LANGUAGES } from './languages';

export interface EditorOptions {
  language: keyof typeof LANGUAGES;
  label: string;
  readOnly: boolean;
  hint: string;
  onChange: (text: string) => void;
  onRun: () => void;
}

const TYPES = {
  field: 'property',
  argument: 'variable',
  value: 'enum',
  type: 'type',
  keyword: 'keyword',
  variable: 'variable',
};

function complete(context: CompletionContext) {
  const text = context.state.doc.toString();
  const found = suggest(text, context.pos);
  if (!found || (!context.explicit && found.from === context.pos)) return null;
  return {
    from: found.from,
    validFor: /^\$?\w*$/,
    options: found.options.map(({ name, detail, about, kind }) => ({
      label: name,
      detail,
      type: TYPES[kind],
      info: about === '' ? undefined : about,
    })),
  };
}

/**
 * What is typed over a selection goes past the browser's own editing: that would carry the colours of
 * what it replaces into a style attribute, which the page's policy refuses.
 */
const typeOverSelection = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { from, to, empty } = view.state.selection.main;
    const { data: text } = event;
    if (event.inputType !== 'insertText' || event.isComposing || empty || !text) return false;
    const insert = () =>
      view.state.update(view.state.replaceSelection(text), { userEvent: 'input.type' });
    const handled = view.state
      .facet(EditorView.inputHandler)
      .some((handle) => handle(view, from, to, text, insert));
    if (!handled) view.dispatch(insert());
    event.preventDefault();
    return true;
  },
});

export function editorExtensions(options: EditorOptions): Extension[] {
  const { language, label, readOnly, hint, onChange, onRun } = options;
  const run = () => {
    onRun();
    return true;
  };
  const editing = [
    history(),
    typeOverSelection,
    bracketMatching(),
    closeBrackets(),
    indentOnInput(),
    Prec.high(keymap.of([{ key: 'Mod-Enter', run }])),
    keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap]),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onChange(update.state.doc.toString());
    }),
    placeholder(hint),
  ];
  return [
    EditorView.cspNonce.of(styleNonce()),
    lineNumbers(),
    drawSelection(),
    indentUnit.of('  '),
    EditorView.lineWrapping,
    LANGUAGES[language],
    language === 'graphql' && !readOnly
      ? autocompletion({ override: [complete], icons: false, maxRenderedOptions: 80 })
      : [],
    readOnly ? [EditorState.readOnly.of(true)] : editing,
    keymap.of(defaultKeymap),
    EditorView.contentAttributes.of({
      'aria-label': label,
      ...(readOnly && { 'aria-readonly': 'true' }),
      spellcheck: 'false',
      // It scrolls, so it must be reachable by keyboard; not every tool knows that it is.
      tabindex: '0',
    }),
  ];
}
