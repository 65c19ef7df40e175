import { useLocation } from '@tanstack/react-router';
import { useState } from 'react';

/** What opens something: it stands behind `#` in a mailed link, and stays what it was while one leaves the page. */
export function useMailedLink(): string {
  const { pathname, hash } = useLocation();
  const [kept, keep] = useState({ pathname, hash });
  if (pathname === kept.pathname && hash !== kept.hash) keep({ pathname, hash });
  return kept.hash;
}
