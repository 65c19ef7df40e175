// Pointing at the bars of the volume chart and walking along them. Places are kept as the time a
// bar begins, so that they stay where they are when a live chart moves on.
import { type KeyboardEvent, type PointerEvent, type RefObject, useRef, useState } from 'react';
import { type Bucket, barAt } from './histogram-bars';

const DRAG_PX_MIN = 4;

/** From one bar to another, in the order in which they were chosen. */
interface Selection {
  anchor: string;
  head: string;
}

interface Drag {
  anchor: string;
  fromX: number;
  /** Far enough to be meant. */
  moved: boolean;
}

/** The same as places among the bars; `null` while they are not there. */
interface Chosen {
  first: number;
  last: number;
  anchor: number;
  head: number;
}

interface BarsOptions {
  buckets: Bucket[];
  onZoom: (first: number, last: number) => void;
  onZoomOut: () => void;
}

export function useBars({ buckets, onZoom, onZoomOut }: BarsOptions) {
  const [selection, select] = useState<Selection | null>(null);
  const [hovered, setHovered] = useState<string | null>(null);
  const drag = useRef<Drag | null>(null);

  const indexOf = (startsAt: string) => buckets.findIndex((each) => each.startsAt === startsAt);
  const anchor = selection ? indexOf(selection.anchor) : -1;
  const head = selection ? indexOf(selection.head) : -1;
  const chosen: Chosen | null =
    anchor < 0 || head < 0
      ? null
      : { first: Math.min(anchor, head), last: Math.max(anchor, head), anchor, head };

  const forget = () => {
    drag.current = null;
    select(null);
  };
  const zoom = (one: number, other: number) => {
    forget();
    setHovered(null);
    onZoom(Math.min(one, other), Math.max(one, other));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const to = target(event.key, chosen?.head ?? null, buckets.length);
    const bucket = to === null ? undefined : buckets[to];
    if (bucket) {
      const start = event.shiftKey && chosen ? buckets[chosen.anchor] : bucket;
      select({ anchor: (start ?? bucket).startsAt, head: bucket.startsAt });
    } else if (event.key === 'Enter' && chosen) zoom(chosen.first, chosen.last);
    else if (event.key === '-' || event.key === 'Backspace') onZoomOut();
    else if (event.key === 'Escape' && (chosen || drag.current)) forget();
    else return;
    event.preventDefault();
  };
  const pointer = pointerHandlers({ buckets, drag, chosen, indexOf, select, setHovered, zoom });
  return {
    chosen,
    hovered: hovered === null ? -1 : indexOf(hovered),
    handlers: {
      ...pointer,
      onKeyDown,
      onBlur: forget,
      onPointerCancel: () => {
        forget();
        setHovered(null);
      },
    },
  };
}

interface PointerOptions {
  buckets: Bucket[];
  drag: RefObject<Drag | null>;
  chosen: Chosen | null;
  indexOf: (startsAt: string) => number;
  select: (selection: Selection) => void;
  setHovered: (startsAt: string | null) => void;
  zoom: (one: number, other: number) => void;
}

function pointerHandlers(options: PointerOptions) {
  const { buckets, drag, chosen, indexOf, select, setHovered, zoom } = options;
  const bucketUnder = (event: PointerEvent<HTMLElement>) => {
    const { left, width } = event.currentTarget.getBoundingClientRect();
    return buckets[barAt(event.clientX - left, width, buckets.length)];
  };
  return {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      const bucket = bucketUnder(event);
      if (event.button !== 0 || !bucket) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      drag.current = { anchor: bucket.startsAt, fromX: event.clientX, moved: false };
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      const bucket = bucketUnder(event);
      if (!bucket) return;
      const dragging = drag.current;
      // A finger that only scrolls past points at nothing.
      if (event.pointerType === 'mouse' || dragging) setHovered(bucket.startsAt);
      if (!dragging) return;
      dragging.moved ||= Math.abs(event.clientX - dragging.fromX) >= DRAG_PX_MIN;
      if (dragging.moved) select({ anchor: dragging.anchor, head: bucket.startsAt });
    },
    onPointerUp: (event: PointerEvent<HTMLElement>) => {
      const dragged = drag.current;
      const bucket = bucketUnder(event);
      drag.current = null;
      if (!dragged || !bucket) return;
      const [from, to] = [indexOf(dragged.anchor), indexOf(bucket.startsAt)];
      const mouse = event.pointerType === 'mouse';
      if (dragged.moved && from >= 0) zoom(from, to);
      // Nothing hovers for a finger: the first tap shows what is there, the second goes into it.
      else if (mouse || chosen?.head === to) zoom(to, to);
      else select({ anchor: bucket.startsAt, head: bucket.startsAt });
      if (!mouse) setHovered(null);
    },
    onPointerLeave: () => setHovered(null),
  };
}

/** The bar that a key leads to; from outside, arrows enter at their end. */
function target(key: string, head: number | null, bars: number): number | null {
  const last = bars - 1;
  if (key === 'ArrowRight' || key === 'ArrowUp') return Math.min(last, (head ?? -1) + 1);
  if (key === 'ArrowLeft' || key === 'ArrowDown') return Math.max(0, (head ?? bars) - 1);
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  return null;
}
