// The text in the search box and the query in the address: typing changes the address after a short
// pause, and whoever else changes the address changes the box.
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';

const TYPING_PAUSE_MS = 60;

export function useSearchText(value: string, onChange: (query: string) => void) {
  const [text, setText] = useState(value);
  const [seen, setSeen] = useState(value);
  // What was sent from here and has not come back through the address yet.
  const [pending, setPending] = useState<string[]>([]);
  if (value !== seen) {
    setSeen(value);
    const own = pending.indexOf(value);
    setPending(pending.slice(own + 1));
    // Changed by another hand, such as Back or a removed filter. What somebody is typing is kept.
    if (own < 0) setText(value);
  }

  const send = (next: string) => {
    const query = next.trim();
    if (query === (pending.at(-1) ?? value)) return;
    setPending([...pending, query]);
    onChange(query);
  };
  const sendSoon = useDebouncedCallback(send, TYPING_PAUSE_MS);

  return {
    text,
    type: (next: string) => {
      setText(next);
      if (endsWithKey(next)) sendSoon.cancel();
      else sendSoon(next);
    },
    /** Shows one thing and asks for another: what is written is not complete. */
    hold: (next: string, complete: string) => {
      sendSoon.cancel();
      setText(next);
      send(complete);
    },
    sendNow: (next: string) => {
      sendSoon.cancel();
      setText(next);
      send(next);
    },
  };
}

/** A key still without its value is no query yet; who presses Enter all the same is told so. */
function endsWithKey(text: string): boolean {
  return /(?:^|\s)-?[a-z]+:\[?$/i.test(text);
}
