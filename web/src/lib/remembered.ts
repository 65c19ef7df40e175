// How a person likes a page to look is kept in this browser; what it shows is in the address.
import { useState } from 'react';

export function readRemembered(key: string, standard: boolean): boolean {
  return (readStored(key) ?? String(standard)) === 'true';
}

export function readStored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

export function store(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Without storage it lasts as long as the page.
  }
}

export function useRemembered(key: string, standard: boolean): [boolean, (on: boolean) => void] {
  const [on, setOn] = useState(() => readRemembered(key, standard));
  const remember = (next: boolean) => {
    setOn(next);
    store(key, String(next));
  };
  return [on, remember];
}
