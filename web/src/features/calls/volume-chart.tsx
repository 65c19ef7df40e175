import { useMediaQuery } from '@mantine/hooks';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useCompany } from '~/lib/company';
import { useRemembered } from '~/lib/remembered';
import { rangeBetween, type TimeRange } from '~/lib/time-range';
import { spanLabel } from '~/lib/time-span';
import { useIdleLoad } from '~/lib/use-idle-load';
import * as words from '~/words/calls';
import classes from './histogram.module.css';
import type { Histogram } from './histogram-bars';
import { HistogramPlot } from './histogram-plot';
import type { CallsSearch } from './search-params';
import { useHistogram } from './use-histogram';
import { Empty, Failed, VolumeHead } from './volume-head';

// Not what one sees first.
const loadTable = () => import('./histogram-table');
const HistogramTable = lazy(async () => ({ default: (await loadTable()).HistogramTable }));

const PHONE = '(max-width: 47.99em)';

interface VolumeChartProps {
  search: CallsSearch;
  live: boolean;
  /** The list is not there yet: people wait for it, and not for this. */
  wait: boolean;
  canZoomOut: boolean;
  onZoom: (range: TimeRange) => void;
  onZoomOut: () => void;
}

/** When the calls of the list were; the list below answers which. */
export function VolumeChart({
  search,
  live,
  wait,
  canZoomOut,
  onZoom,
  onZoomOut,
}: VolumeChartProps) {
  const company = useCompany();
  const phone = useMediaQuery(PHONE, undefined, { getInitialValueInEffect: false }) === true;
  const [folded, setFolded] = useRemembered('trunkline-volume-folded', false);
  const [asTable, setAsTable] = useState(false);
  const [said, setSaid] = useState('');
  const hidden = phone && folded;
  useIdleLoad(() => void loadTable());
  const volume = useHistogram(search, { live, pause: hidden, wait });
  const { histogram, stale, badQuery } = volume;

  const zoom = (first: number, last: number) => {
    const [from, to] = [histogram?.buckets[first], histogram?.buckets[last]];
    if (!histogram || !from || !to) return;
    setSaid(words.zoomedIn(spanLabel(from.startsAt, to.endsAt, histogram.timeZone)));
    // Days of a range are those of the company, whatever the bars are.
    onZoom(rangeBetween(from.startsAt, to.endsAt, company.timeZone));
  };
  const zoomOut = () => {
    setSaid(canZoomOut ? words.zoomedOut : words.nothingToZoomOutOf);
    if (canZoomOut) onZoomOut();
  };
  const { card, byButton } = useFocusAfter(canZoomOut);

  return (
    <section ref={card} tabIndex={-1} className={classes.card} aria-label={words.volume}>
      <VolumeHead
        histogram={histogram}
        fold={phone ? { folded, onFold: () => setFolded(!folded) } : null}
        asTable={asTable}
        onAsTable={() => setAsTable(!asTable)}
        onZoomOut={canZoomOut ? () => byButton(zoomOut) : null}
      />
      {!hidden && (
        <div className={classes.body} aria-busy={stale} data-stale={stale || badQuery}>
          {volume.error && !badQuery && !histogram && <Failed onRetry={volume.refresh} />}
          {histogram && histogram.buckets.length === 0 && <Empty />}
          {histogram && histogram.buckets.length > 0 && asTable && (
            <Suspense fallback={null}>
              <HistogramTable histogram={histogram} onZoom={zoom} />
            </Suspense>
          )}
          {histogram && histogram.buckets.length > 0 && !asTable && (
            <>
              {isEmpty(histogram) && <Empty />}
              <HistogramPlot histogram={histogram} onZoom={zoom} onZoomOut={zoomOut} />
            </>
          )}
        </div>
      )}
      <span className="visually-hidden" role="status">
        {said}
      </span>
    </section>
  );
}

const isEmpty = ({ total }: Histogram) => total.value === 0 && total.exact;

/** The button that zooms out goes when there is nothing left to do; the focus stays with the chart. */
function useFocusAfter(canZoomOut: boolean) {
  const card = useRef<HTMLElement>(null);
  const pressed = useRef(false);
  useEffect(() => {
    if (!canZoomOut && pressed.current) card.current?.focus({ preventScroll: true });
    pressed.current = false;
  }, [canZoomOut]);
  const byButton = (action: () => void) => {
    pressed.current = true;
    action();
  };
  return { card, byButton };
}
