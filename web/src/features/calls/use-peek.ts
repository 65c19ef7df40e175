// A call, opened beside the list it is in. Where there is no room for both, its page is opened instead.
import { useMediaQuery } from '@mantine/hooks';
import { useNavigate } from '@tanstack/react-router';
import {
  createContext,
  type MouseEvent,
  useContext,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
} from 'react';
import { useCompany } from '~/lib/company';
import { useDockedPanel } from '~/lib/use-docked-panel';
import { CALL_LINK } from './call-words';

/** As in the styles: below this there is no room for a list and a call. */
const NARROW = '(max-width: 68.75em)';
/** From here on the list has room for all of its columns beside a call. */
const ROOMY = '(min-width: 112em)';

export function usePeek(open: string | undefined) {
  const { slug } = useCompany();
  const navigate = useNavigate({ from: '/c/$company/calls/' });
  const narrow = useMediaQuery(NARROW, false, { getInitialValueInEffect: false }) ?? false;
  const roomy = useMediaQuery(ROOMY, false, { getInitialValueInEffect: false }) ?? false;
  const docked = useDockedPanel({
    open,
    attribute: CALL_LINK,
    show: (call, { replace, fromList }) =>
      void navigate({
        search: (search) => ({ ...search, call }),
        replace,
        resetScroll: false,
        state: (state) => ({ ...state, fromList }),
      }),
    hide: () =>
      void navigate({
        search: ({ call: _, ...search }) => search,
        replace: true,
        resetScroll: false,
        state: true,
      }),
  });
  const toPage = (callId: string, replace = false) =>
    void navigate({
      to: '/c/$company/calls/$callId',
      params: { company: slug, callId },
      replace,
      state: { fromList: !replace },
    });
  const onNarrow = useEffectEvent((callId: string) => toPage(callId, true));
  useEffect(() => {
    if (narrow && open !== undefined) onNarrow(open);
  }, [narrow, open]);

  const openCall: PeekLinks['open'] = (callId, { follow }) => {
    if (narrow) return toPage(callId);
    if (follow) docked.followed(callId);
    docked.open(callId);
  };
  const latest = useRef(openCall);
  useEffect(() => {
    latest.current = openCall;
  });
  const shown = narrow ? undefined : open;
  // One and the same for all rows, until another call is open.
  const links = useMemo<PeekLinks>(
    () => ({ open: (callId, how) => latest.current(callId, how), shown }),
    [shown],
  );

  return {
    panel: docked.panel,
    /** What is shown beside the list. */
    shown,
    links,
    /** The list has less room than it needs for everything. */
    squeezed: open !== undefined && !narrow && !roomy,
    open: openCall,
    toPage,
    step: docked.step,
    close: docked.close,
  };
}

interface PeekLinks {
  /** For who followed a link, reading goes on there. */
  open: (callId: string, how: { follow: boolean }) => void;
  shown: string | undefined;
}

export const PeekContext = createContext<PeekLinks>({ open: () => {}, shown: undefined });

/** For the link of a row, which leads to the page of its call for who wants it in another tab. */
export function usePeekLink(callId: string | undefined) {
  const { open, shown } = useContext(PeekContext);
  return useMemo(
    () => ({
      isOpen: callId !== undefined && shown === callId,
      open: () => callId !== undefined && open(callId, { follow: false }),
      onClick: (event: MouseEvent) => {
        if (callId === undefined || event.metaKey || event.ctrlKey || event.shiftKey) return;
        event.preventDefault();
        open(callId, { follow: true });
      },
    }),
    [callId, open, shown],
  );
}
