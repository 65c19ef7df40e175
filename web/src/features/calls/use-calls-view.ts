// Where the calls page can go from here: other filters, other pages of the list, other ranges.
import { linkOptions, useLocation, useNavigate } from '@tanstack/react-router';
import { useCompany } from '~/lib/company';
import { isSameRange, NO_RANGE, type TimeRange } from '~/lib/time-range';
import { useFirstPageInstead } from '~/lib/use-list-page';
import { type CallsSearch, changeFilter } from './search-params';
import type { FoundList } from './use-calls';
import { type View, zoomInto, zoomOut } from './zoom';

const NOT_ZOOMED: TimeRange[] = [];

export function useCallsView(
  search: CallsSearch,
  { page, stale, error }: Pick<FoundList, 'page' | 'stale' | 'error'>,
) {
  const company = useCompany();
  const navigate = useNavigate({ from: '/c/$company/calls/' });
  const zoomedFrom = useLocation({ select: ({ state }) => state.zoomedFrom }) ?? NOT_ZOOMED;
  const { range, from, to } = search;
  const current: View = { range: { range, from, to }, zoomedFrom };

  const show = (next: CallsSearch, replace = false) =>
    void navigate({
      search: next,
      replace,
      resetScroll: true,
      // A range that was chosen otherwise has nothing to zoom out to.
      state: isSameRange(next, search) ? { zoomedFrom } : {},
    });
  const change = (part: CallsSearch) => show(changeFilter(search, part));
  const look = (next: View | null) => {
    if (!next) return;
    void navigate({
      search: changeFilter(search, { ...NO_RANGE, ...next.range }),
      state: { zoomedFrom: next.zoomedFrom },
      resetScroll: false,
    });
  };

  useFirstPageInstead(
    { search, page, stale, error },
    () =>
      void navigate({
        search: ({ after, before, ...rest }) => rest,
        replace: true,
        state: { zoomedFrom },
      }),
  );

  return {
    show,
    change,
    changeText: (q: string) => show(changeFilter(search, { q: q || undefined }), true),
    /** Calls, or conversations, of the same question. */
    list: (list: CallsSearch['list']) => change({ list }),
    toFirstPage: () => show({ ...search, after: undefined, before: undefined, sort: undefined }),
    newer: page?.pageInfo.hasPreviousPage
      ? { ...search, after: undefined, before: page.pageInfo.startCursor ?? undefined }
      : null,
    older: page?.pageInfo.hasNextPage
      ? { ...search, before: undefined, after: page.pageInfo.endCursor ?? undefined }
      : null,
    linkTo: (to: CallsSearch) =>
      linkOptions({
        to: '/c/$company/calls',
        params: { company: company.slug },
        search: to,
        state: { zoomedFrom },
      }),
    zoomInto: (next: TimeRange) => look(zoomInto(current, next)),
    zoomOut: () => look(zoomOut(current)),
    canZoomOut: zoomOut(current) !== null,
  };
}
