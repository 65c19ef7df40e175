import { Button } from '@mantine/core';
import { Download } from 'lucide-react';
import { useEffect, useState } from 'react';
import { CopyButton } from '~/components/copy-button';
import { LinkButton } from '~/components/link-button';
import { useCompany } from '~/lib/company';
import * as words from '~/words/api';
import sdlUrl from '../../../schema.graphql?url';
import classes from './explorer-page.module.css';
import { type Draft, packDraft } from './shared-link';

/** The way in, the schema as a file, and the link to what is written here. */
export function PageHeader({ draft, ready }: { draft: Draft; ready: string | null }) {
  const { slug } = useCompany();
  const [packed, setPacked] = useState('');
  useEffect(() => {
    let current = true;
    void packDraft(draft).then((text) => {
      if (current) setPacked(text);
    });
    return () => {
      current = false;
    };
  }, [draft]);
  const endpoint = `${window.location.origin}/graphql`;
  const search = ready === null ? `q=${packed}` : `ready=${ready}`;
  return (
    <header className={classes.header}>
      <h1 className={classes.title}>{words.api}</h1>
      <code className={classes.endpoint}>{`POST ${endpoint}`}</code>
      <CopyButton value={endpoint} label={words.copyAddress} />
      <span className={classes.tools}>
        <LinkButton link={() => `${window.location.origin}/c/${slug}/api?${search}`} />
        <Button
          component="a"
          href={sdlUrl}
          download="trunkline.graphql"
          variant="default"
          size="compact-sm"
          leftSection={<Download size={14} aria-hidden />}
        >
          {words.schema}
        </Button>
      </span>
    </header>
  );
}
