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
}

export function CallsHeader(props: CallsHeaderProps) {
  const { search, total, columns, onColumns, live, onToggleLive } = props;
  const company = useCompany();
  return (
    <header className={classes.header}>
      <h1 className={classes.title}>Calls</h1>
      <span className={classes.count} role="status">
        {total && totalText(total, hasFilter(search))}
      </span>
      <span className={classes.tools}>
        <ColumnPicker columns={columns} onChoose={onColumns} />
        <CopyLinkMenu search={search} company={company} />
        <LivePill state={live} what="calls" onToggle={onToggleLive} />
      </span>
    </header>
  );
}

function totalText(total: { value: number; exact: boolean }, filtered: boolean): string {
  if (filtered) return `${countText(total)} matching`;
  return total.value === 1 && total.exact ? '1 call' : `${countText(total)} calls`;
}
