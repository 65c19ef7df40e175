import { lazy, type ReactNode, Suspense } from 'react';
import classes from './calls-page.module.css';
import { PeekContext, type usePeek } from './use-peek';

export const loadCallPeek = () => import('./call-peek');
const CallPeek = lazy(async () => ({ default: (await loadCallPeek()).CallPeek }));

interface PeekLayoutProps {
  peek: ReturnType<typeof usePeek>;
  children: ReactNode;
}

/** The list, and the call that is open beside it. */
export function PeekLayout({ peek, children }: PeekLayoutProps) {
  const { shown } = peek;
  return (
    <PeekContext value={peek.links}>
      <div className={classes.layout} data-open={shown !== undefined || undefined}>
        <div className={classes.page}>{children}</div>
        {shown !== undefined && (
          <Suspense fallback={<div />}>
            <CallPeek callId={shown} ref={peek.panel} onClose={peek.close} />
          </Suspense>
        )}
      </div>
    </PeekContext>
  );
}
