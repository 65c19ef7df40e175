import { EditorState } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { type Ref, useEffect, useEffectEvent, useImperativeHandle, useRef } from 'react';
import classes from './code-editor.module.css';
import { type EditorOptions, editorExtensions } from './editor-setup';

export interface EditorHandle {
  focus: () => void;
  cursor: () => number;
  /** Puts the cursor there; lines and columns count from 1, as in an error of the server. */
  goTo: (line: number, column: number) => void;
}

interface CodeEditorProps {
  ref?: Ref<EditorHandle>;
  language: EditorOptions['language'];
  label: string;
  value: string;
  /** Shown while it is empty. */
  hint?: string;
  onChange?: (text: string) => void;
  onRun?: () => void;
}

/** Without `onChange` it only shows. */
export function CodeEditor(props: CodeEditorProps) {
  const { ref, language, label, value, hint = '', onChange, onRun } = props;
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const changed = useEffectEvent((text: string) => onChange?.(text));
  const run = useEffectEvent(() => onRun?.());
  const first = useEffectEvent(() => value);
  const readOnly = onChange === undefined;

  useEffect(() => {
    if (!host.current) return;
    const extensions = editorExtensions({
      ...{ language, label, readOnly, hint },
      onChange: (text) => changed(text),
      onRun: () => run(),
    });
    const made = new EditorView({
      parent: host.current,
      state: EditorState.create({ doc: first(), extensions }),
    });
    view.current = made;
    return () => made.destroy();
  }, [language, label, readOnly, hint]);

  useEffect(() => {
    const shown = view.current?.state.doc;
    if (!shown || shown.toString() === value) return;
    view.current?.dispatch({ changes: { from: 0, to: shown.length, insert: value } });
  }, [value]);

  useImperativeHandle(ref, () => ({
    focus: () => view.current?.focus(),
    cursor: () => view.current?.state.selection.main.head ?? 0,
    goTo: (line, column) => {
      const editor = view.current;
      if (!editor) return;
      const { doc } = editor.state;
      const at = doc.line(Math.min(Math.max(1, line), doc.lines));
      const anchor = Math.min(at.to, at.from + Math.max(0, column - 1));
      editor.dispatch({ selection: { anchor }, scrollIntoView: true });
      editor.focus();
    },
  }));

  return <div ref={host} className={classes.editor} data-read-only={readOnly || undefined} />;
}
