import { Button, Kbd } from '@mantine/core';
import { Play, Square } from 'lucide-react';
import type { Ref } from 'react';
import { MOD_KEY } from '~/lib/keyboard';
import * as words from '~/words/api';
import { CodeEditor, type EditorHandle } from './code-editor';
import classes from './explorer-page.module.css';
import type { Draft } from './shared-link';

const HINT = 'query { viewer { companies { name } } }';

interface QueryPaneProps {
  ref: Ref<EditorHandle>;
  draft: Draft;
  unreadable: boolean;
  running: boolean;
  onChange: (part: Partial<Draft>) => void;
  onRun: () => void;
  onCancel: () => void;
}

export function QueryPane(props: QueryPaneProps) {
  const { ref, draft, unreadable, running, onChange, onRun, onCancel } = props;
  return (
    <section className={classes.query} aria-labelledby="query-title">
      <div className={classes.paneHead}>
        <h2 className={classes.paneTitle} id="query-title">
          {words.query}
        </h2>
        <span className={classes.keys} aria-hidden>
          <Kbd size="xs">{MOD_KEY}</Kbd> <Kbd size="xs">Enter</Kbd>
        </span>
        {running ? (
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<Square size={12} aria-hidden />}
            onClick={onCancel}
          >
            {words.cancel}
          </Button>
        ) : (
          <Button size="compact-sm" leftSection={<Play size={13} aria-hidden />} onClick={onRun}>
            {words.run}
          </Button>
        )}
      </div>
      {unreadable && (
        <p className={classes.problem} role="alert">
          {words.unreadableLink}
        </p>
      )}
      <div className={classes.queryEditor}>
        <CodeEditor
          ref={ref}
          language="graphql"
          label={words.query}
          hint={HINT}
          value={draft.query}
          onChange={(query) => onChange({ query })}
          onRun={onRun}
        />
      </div>
      <div className={classes.paneHead}>
        <h2 className={classes.paneTitle}>{words.variables}</h2>
      </div>
      <div className={classes.variablesEditor}>
        <CodeEditor
          language="json"
          label={words.variables}
          hint="{}"
          value={draft.variables}
          onChange={(variables) => onChange({ variables })}
          onRun={onRun}
        />
      </div>
    </section>
  );
}
