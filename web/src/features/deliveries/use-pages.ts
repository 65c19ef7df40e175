import { linkOptions, useNavigate } from '@tanstack/react-router';
import { useCompany } from '~/lib/company';
import { useFirstPageInstead } from '~/lib/use-list-page';
import { changeFilter, type DeliveriesSearch } from './search-params';
import type { useDeliveries } from './use-deliveries';

/** Where the list can go from here. */
export function usePages(search: DeliveriesSearch, list: ReturnType<typeof useDeliveries>) {
  const { slug } = useCompany();
  const navigate = useNavigate({ from: '/c/$company/deliveries' });
  const { page, stale, error } = list;
  const show = (next: DeliveriesSearch) => void navigate({ search: next, resetScroll: true });
  const { after: _after, before: _before, d: _open, ...first } = search;
  const newer = page?.pageInfo.hasPreviousPage
    ? { ...first, before: page.pageInfo.startCursor ?? undefined }
    : null;
  const older = page?.pageInfo.hasNextPage
    ? { ...first, after: page.pageInfo.endCursor ?? undefined }
    : null;
  const link = (to: DeliveriesSearch) =>
    linkOptions({ to: '/c/$company/deliveries', params: { company: slug }, search: to });
  useFirstPageInstead(
    { search, page, stale, error },
    () =>
      void navigate({
        search: ({ after: _a, before: _b, ...rest }) => rest,
        replace: true,
      }),
  );
  return {
    show,
    change: (part: DeliveriesSearch) => show(changeFilter(search, part)),
    toFirstPage: () => show(first),
    toNewer: () => newer && show(newer),
    toOlder: () => older && show(older),
    newerLink: newer && link(newer),
    olderLink: older && link(older),
  };
}
