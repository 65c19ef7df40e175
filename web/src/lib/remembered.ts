// How a person likes a page to look is kept in this browser; what it shows is in the address.
import { useState } from 'react';

export function useRemembered(key: string, standard: boolean): [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(() => {
    try {
      return (localStorage.getItem(key) ?? String(standard)) === 'true';
    } catch {
      return standard;
    }
  });
  const remember = (next: boolean) => {
    setOn(next);
    try {
      localStorage.setItem(key, String(next));
    } catch {
      // Without storage it lasts as long as the page.
    }
  };
  return [on, remember];
}
