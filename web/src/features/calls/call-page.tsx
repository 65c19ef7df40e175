import { Link, useNavigate, useRouter, useRouterState } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { type MouseEvent, useCallback, useState } from 'react';
import { useCommands } from '~/lib/commands';
import { useCompany } from '~/lib/company';
import { returnFocusTo } from '~/lib/row-focus';
import { useShortcuts } from '~/lib/shortcuts';
import { copyAndSay } from '~/lib/toast';
import { usePageTitle } from '~/lib/use-page-title';
import * as words from '~/words/call';
import classes from './call-page.module.css';
import { CallView } from './call-view';

export function CallPage({ callId }: { callId: string }) {
  const company = useCompany();
  const back = useBackToList();
  const copyLink = () => copyAndSay(window.location.href, words.linkCopied);
  const copyId = () => copyAndSay(callId, words.callIdCopied);
  useShortcuts({
    y: copyLink,
    c: copyId,
    Escape: () => {
      returnFocusTo(callId);
      back();
    },
  });
  useCommands([
    {
      id: 'copy-link',
      title: words.copyLinkToThisCall,
      group: 'page',
      keywords: words.linkKeywords,
      keys: ['y'],
      run: copyLink,
    },
    { id: 'copy-id', title: words.copyCallId, group: 'page', keys: ['c'], run: copyId },
  ]);
  const [known, setKnown] = useState<[string, string | undefined] | null>(null);
  const onTitle = useCallback(
    (title: string, customer: string | undefined) => setKnown([title, customer]),
    [],
  );
  usePageTitle(known?.[0] ?? null, known?.[1]?.slice(0, 60), company.name);

  return (
    <div className={classes.page}>
      <Link
        to="/c/$company/calls"
        params={{ company: company.slug }}
        className={classes.back}
        onClick={(event: MouseEvent) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return;
          event.preventDefault();
          back();
        }}
      >
        <ArrowLeft size={15} aria-hidden /> {words.calls}
      </Link>
      <CallView callId={callId} onTitle={onTitle} />
    </div>
  );
}

/** Back to the very view of the list the call was opened from, or else to the plain list. */
function useBackToList(): () => void {
  const { slug } = useCompany();
  const router = useRouter();
  const navigate = useNavigate();
  const fromList = useRouterState({ select: (state) => state.location.state.fromList === true });
  return () => {
    if (fromList) router.history.back();
    else void navigate({ to: '/c/$company/calls', params: { company: slug } });
  };
}
