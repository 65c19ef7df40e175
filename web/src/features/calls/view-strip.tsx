import { Button } from '@mantine/core';
import { Link, type LinkOptions } from '@tanstack/react-router';
import { Users } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useMutation } from 'urql';
import { UpdateSavedViewDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { actionFailure } from '~/lib/request-failure';
import { say } from '~/lib/toast';
import { callsViewsWords as words } from '~/words/calls-views';
import type { CallsSearch } from './search-params';
import { STANDARD_VIEWS, standardViewOf } from './standard-views';
import type { Views } from './use-views';
import { NameViewDialog } from './view-dialogs';
import { ViewMenu } from './view-menu';
import classes from './view-strip.module.css';
import { type KeptView, writeContent } from './views';

interface ViewStripProps {
  search: CallsSearch;
  views: Views;
  onShow: (search: CallsSearch, replace?: boolean) => void;
  linkTo: (search: CallsSearch) => LinkOptions;
}

/** Views as tabs: those of everybody, one's own, those that others share; and what is done with them. */
export function ViewStrip({ search, views, onShow, linkTo }: ViewStripProps) {
  const { open, changed, columns, gone, failed, refresh } = views;
  const company = useCompany();
  const [naming, setNaming] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const [{ fetching }, update] = useMutation(UpdateSavedViewDocument);
  const content = writeContent({ search, columns });

  const reset = () => {
    views.resetColumns();
    setProblem(null);
    if (open) onShow({ ...open.search, view: open.id });
  };
  const save = async () => {
    if (!open) return;
    const input = { companyId: company.id, viewId: open.id, content };
    const { data, error } = await update({ input });
    const failure = actionFailure(error, data?.updateSavedView);
    setProblem(failure);
    if (failure !== null) return;
    views.resetColumns();
    say(words.saved);
  };
  const onMade = (id: string) => {
    refresh();
    views.resetColumns();
    onShow({ ...search, view: id }, true);
  };

  return (
    <div className={classes.strip}>
      <Tabs {...{ search, views, linkTo }} />
      <span className={classes.actions}>
        {changed && open?.viewerMayChange && (
          <Button size="compact-sm" variant="light" loading={fetching} onClick={save}>
            {words.save}
          </Button>
        )}
        {(changed || !open) && (
          <Button size="compact-sm" variant="subtle" color="gray" onClick={() => setNaming(true)}>
            {open ? words.saveAs : words.saveView}
          </Button>
        )}
        {changed && (
          <Button size="compact-sm" variant="subtle" color="gray" onClick={reset}>
            {words.reset}
          </Button>
        )}
        {open?.viewerMayChange && (
          <ViewMenu
            view={open}
            onRemoved={() => {
              refresh();
              onShow({ ...search, view: undefined }, true);
            }}
          />
        )}
      </span>
      {gone && (
        <p className={classes.note} role="status">
          {words.gone}
        </p>
      )}
      {failed && (
        <p className={classes.problem} role="alert">
          {words.failed}{' '}
          <Button size="compact-xs" variant="default" onClick={refresh}>
            {words.again}
          </Button>
        </p>
      )}
      {problem !== null && (
        <p className={classes.problem} role="alert">
          {problem}
        </p>
      )}
      <NameViewDialog
        opened={naming}
        content={content}
        onClose={() => setNaming(false)}
        onMade={onMade}
      />
    </div>
  );
}

const EDGE_PX = 24;

function Tabs({ search, views, linkTo }: Pick<ViewStripProps, 'search' | 'views' | 'linkTo'>) {
  const { open, changed } = views;
  const list = useRef<HTMLUListElement>(null);
  const standard = search.view === undefined ? standardViewOf(search) : null;
  const current = open?.id ?? standard;
  // On a phone the tab of now may be out of sight.
  useEffect(() => {
    const tab = list.current?.querySelector<HTMLElement>('[aria-current]');
    if (current !== null && tab && list.current) {
      list.current.scrollLeft = (tab.parentElement?.offsetLeft ?? 0) - EDGE_PX;
    }
  }, [current]);
  return (
    <nav aria-label={words.views} className={classes.nav}>
      <ul className={classes.tabs} ref={list}>
        {STANDARD_VIEWS.map(({ name, outcome }) => (
          <li key={name}>
            <Link
              {...linkTo({ outcome, list: search.list })}
              className={classes.tab}
              activeOptions={EXACT}
              aria-current={name === standard ? 'page' : undefined}
            >
              {name}
            </Link>
          </li>
        ))}
        {views.views?.map((view) => (
          <li key={view.id}>
            <Link
              {...linkTo({ ...view.search, view: view.id })}
              className={classes.tab}
              activeOptions={EXACT}
              aria-current={view === open ? 'page' : undefined}
              title={view.isShared ? words.sharedBy(view.madeBy) : undefined}
            >
              <ViewName view={view} changed={view === open && changed} />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Else the router calls the tab of all calls current whatever is asked for. */
const EXACT = { exact: true };

function ViewName({ view, changed }: { view: KeptView; changed: boolean }) {
  return (
    <>
      {view.isShared && (
        <>
          <Users size={13} aria-hidden />
          <span className="visually-hidden">{words.shared}</span>
        </>
      )}
      <bdi className={classes.name}>{view.name}</bdi>
      {changed && (
        <>
          <span className={classes.dot} aria-hidden />
          <span className="visually-hidden">{words.changed}</span>
        </>
      )}
    </>
  );
}
