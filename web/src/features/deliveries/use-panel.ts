// The open delivery, beside the list of them.
import { useNavigate } from '@tanstack/react-router';
import { useDockedPanel } from '~/lib/use-docked-panel';
import { DELIVERY_LINK } from './delivery-words';

export function usePanel(open: string | undefined) {
  const navigate = useNavigate({ from: '/c/$company/deliveries' });
  return useDockedPanel({
    open,
    attribute: DELIVERY_LINK,
    show: (id, { replace, fromList }) =>
      void navigate({
        search: (search) => ({ ...search, d: id }),
        replace,
        resetScroll: false,
        state: { fromList },
      }),
    hide: () =>
      void navigate({
        search: ({ d: _, ...search }) => search,
        replace: true,
        resetScroll: false,
      }),
  });
}
