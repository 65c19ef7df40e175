import { useEffect } from 'react';
import { withoutBidiControls } from './bidi';

/** Titles carry the state of the page, so that many open tabs can be told apart. */
export function usePageTitle(...parts: (string | null | undefined)[]): void {
  const title = withoutBidiControls([...parts.filter(Boolean), 'Trunkline'].join(' · '));
  useEffect(() => {
    document.title = title;
  }, [title]);
}
