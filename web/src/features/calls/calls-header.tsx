import { ActionIcon, SegmentedControl } from '@mantine/core';
import { Download } from 'lucide-react';
import { LivePill, type LiveState } from '~/components/live-pill';
import { useCompany } from '~/lib/company';
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
  { value: 'calls', label: 'Calls' },
  { value: 'conversations', label: 'Conversations' },
];

export function CallsHeader(props: CallsHeaderProps) {
  const { search, total, columns, onColumns, live, onToggleLive, onExport, onList } = props;
  const grouped = search.list === 'conversations';
  const company = useCompany();
  return (
    <header className={classes.header}>
      <h1 className={classes.title}>Calls</h1>
      <span className={classes.count} role="status">
        {total && totalText(total, hasFilter(search), grouped)}
      </span>
      <span className={classes.tools}>
        <SegmentedControl
          size="xs"
          className={classes.lists}
          aria-label="What a row is"
          data={LISTS}
          value={search.list ?? 'calls'}
          onChange={(list) => onList(list === 'conversations' ? list : undefined)}
        />
        {!grouped && <ColumnPicker columns={columns} onChoose={onColumns} />}
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label="Export"
          title="Export (e)"
          onClick={onExport}
        >
          <Download size={16} aria-hidden />
        </ActionIcon>
        <CopyLinkMenu search={search} company={company} />
        <LivePill state={live} what="calls" onToggle={onToggleLive} />
      </span>
    </header>
  );
}

function totalText(
  total: { value: number; exact: boolean },
  filtered: boolean,
  grouped: boolean,
): string {
  if (filtered) return `${countText(total)} matching`;
  const one = grouped ? 'conversation' : 'call';
  return total.value === 1 && total.exact ? `1 ${one}` : `${countText(total)} ${one}s`;
}
