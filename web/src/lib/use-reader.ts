// Whether somebody is reading the list right now: scrolled down, pointing at it, or in it by keyboard.
import { useEffect, useState } from 'react';

const TOP_PX_MAX = 48;

export function useReader() {
  const [away, setAway] = useState(() => window.scrollY > TOP_PX_MAX);
  const [pointing, setPointing] = useState(false);
  const [focused, setFocused] = useState(false);

  useEffect(() => {
    const onScroll = () => setAway(window.scrollY > TOP_PX_MAX);
    window.addEventListener('scroll', onScroll, { passive: true });
    return () => window.removeEventListener('scroll', onScroll);
  }, []);

  return {
    reading: away || pointing || focused,
    handlers: {
      // A finger leaves no pointer behind; only a mouse rests on a row.
      onPointerEnter: (event: { pointerType: string }) =>
        setPointing(event.pointerType === 'mouse'),
      onPointerLeave: () => setPointing(false),
      onFocus: () => setFocused(true),
      onBlur: () => setFocused(false),
    },
  };
}
