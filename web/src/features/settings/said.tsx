import type { ReactNode } from 'react';
import card from './card.module.css';

/** What went wrong, said at once. */
export function Problem({ text }: { text: string | null }) {
  if (text === null) return null;
  return (
    <p className={card.said} data-failed role="alert">
      {text}
    </p>
  );
}

/** What was done, said when there is time; its place is there before its words are. */
export function Done({ children }: { children: ReactNode }) {
  return <div role="status">{children && <p className={card.said}>{children}</p>}</div>;
}
