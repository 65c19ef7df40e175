import { Tabs } from '@mantine/core';
import { useRef, useState } from 'react';
import { ConfirmDialog } from '~/components/confirm-dialog';
import { useCompany } from '~/lib/company';
import { usePageTitle } from '~/lib/use-page-title';
import * as words from '~/words/api';
import { AnswerPane } from './answer-pane';
import type { EditorHandle } from './code-editor';
import classes from './explorer-page.module.css';
import { FromProgram } from './from-program';
import { PageHeader } from './page-header';
import { QueryPane } from './query-pane';
import { ReadyList } from './ready-list';
import { type ReadyQuery, readyQuery } from './ready-queries';
import { SchemaReference } from './schema-reference';
import type { ApiSearch } from './search-params';
import { useDraft } from './use-draft';
import { useRun } from './use-run';

export function ExplorerPage({ search }: { search: ApiSearch }) {
  const company = useCompany();
  const editor = useRef<EditorHandle>(null);
  const { draft, name, unreadable, change, choose } = useDraft(search);
  const { run, asking, confirm, dismiss, ...current } = useRun();
  const [tab, setTab] = useState<string | null>('answer');
  usePageTitle(readyQuery(name)?.title, 'API', company.name);

  const start = () => {
    setTab('answer');
    run(draft, editor.current?.cursor() ?? 0);
  };
  const pick = (chosen: ReadyQuery) => {
    setTab('answer');
    run(choose(chosen), 0);
  };
  return (
    <div className={classes.page}>
      <PageHeader draft={draft} ready={name} />
      <ReadyList chosen={name} onPick={pick} />
      <div className={classes.columns}>
        <QueryPane
          ref={editor}
          {...{ draft, unreadable }}
          running={current.running}
          onChange={change}
          onRun={start}
          onCancel={current.cancel}
        />
        <Tabs value={tab} onChange={setTab} keepMounted={false} className={classes.side}>
          <Tabs.List>
            <Tabs.Tab value="answer">{words.answer}</Tabs.Tab>
            <Tabs.Tab value="schema">{words.schema}</Tabs.Tab>
            <Tabs.Tab value="program">{words.fromProgram}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="answer" className={classes.panel}>
            <AnswerPane
              {...current}
              onGoTo={({ line, column }) => editor.current?.goTo(line, column)}
            />
          </Tabs.Panel>
          <Tabs.Panel value="schema" className={classes.panel}>
            <SchemaReference />
          </Tabs.Panel>
          <Tabs.Panel value="program" className={classes.panel}>
            <FromProgram draft={draft} />
          </Tabs.Panel>
        </Tabs>
      </div>
      <ConfirmDialog
        opened={asking !== null}
        title={words.runMutationTitle}
        confirm={words.runMutation}
        onClose={dismiss}
        onConfirm={async () => {
          void confirm();
          return null;
        }}
      >
        {words.mutationChanges(
          <code>{asking?.operation.name ?? words.thisMutation}</code>,
          <bdi>{company.name}</bdi>,
        )}
      </ConfirmDialog>
    </div>
  );
}
