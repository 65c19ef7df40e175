import { ActionIcon, SegmentedControl } from '@mantine/core';
import { Download } from 'lucide-react';
import { LivePill, type LiveState } from '~/components/live-pill';
import { useCompany } from '~/lib/company';
import * as words from '~/words/calls';
import { youSeeOnly } from '~/words/group-scope';
import classes from './calls-page.module.css';
import { ColumnPicker } from './column-picker';
import type { Column } from './columns';
import { CopyLinkMenu } from './copy-link-menu';
import { countText } from './facets';
import { type CallsSearch, hasFilter } from './search-params';

interface CallsHeaderProps {
  search: CallsSearch;
  total: { value: number; exact: boolean } | null;
  columns: readonly Column[];
  onColumns: (columns: readonly string[]) => void;
  live: LiveState;
  onToggleLive: () => void;
  onExport: () => void;
  onList: (list: CallsSearch['list']) => void;
}

const LISTS = [
  { value: 'calls', label: words.calls },
  { value: 'conversations', label: words.conversations },
];

export function CallsHeader(props: CallsHeaderProps) {
  const { search, total, columns, onColumns, live, onToggleLive, onExport, onList } = props;
  const grouped = search.list === 'conversations';
  const company = useCompany();
  return (
    <header className={classes.header}>
      <h1 className={classes.title}>{words.calls}</h1>
      <span className={classes.count} role="status">
        {total && totalText(total, hasFilter(search), grouped)}
      </span>
      {company.viewerGroupScope && (
        <span className={classes.scope}>{youSeeOnly(company.viewerGroupScope.map(nameOf))}</span>
      )}
      <span className={classes.tools}>
        <SegmentedControl
          size="xs"
          className={classes.lists}
          aria-label={words.whatRowIs}
          data={LISTS}
          value={search.list ?? 'calls'}
          onChange={(list) => onList(list === 'conversations' ? list : undefined)}
        />
        {!grouped && <ColumnPicker columns={columns} onChoose={onColumns} />}
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={words.exportCalls}
          title={words.exportKey}
          onClick={onExport}
        >
          <Download size={16} aria-hidden />
        </ActionIcon>
        <CopyLinkMenu search={search} company={company} />
        <LivePill state={live} of="calls" onToggle={onToggleLive} />
      </span>
    </header>
  );
}

const nameOf = ({ groupId, name }: { groupId: string; name: string | null }) => name ?? groupId;

function totalText(
  total: { value: number; exact: boolean },
  filtered: boolean,
  grouped: boolean,
): string {
  const { value, exact } = total;
  if (filtered) return words.matching(countText(total));
  return grouped ? words.conversationCount(value, exact) : words.callCount(value, exact);
}
