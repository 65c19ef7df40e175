import { ActionIcon } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { Maximize2, X } from 'lucide-react';
import type { MouseEvent, Ref } from 'react';
import { CopyButton } from '~/components/copy-button';
import { useCompany } from '~/lib/company';
import * as words from '~/words/call';
import classes from './call-peek.module.css';
import { CallView } from './call-view';

interface CallPeekProps {
  callId: string;
  ref: Ref<HTMLElement>;
  onClose: (how: { byKeyboard: boolean }) => void;
}

/** A call, docked beside the list. */
export function CallPeek({ callId, ref, onClose }: CallPeekProps) {
  const { slug } = useCompany();
  const page = `/c/${slug}/calls/${encodeURIComponent(callId)}`;
  // A button that is pressed by key counts no clicks.
  const close = (event: MouseEvent) => onClose({ byKeyboard: event.detail === 0 });
  return (
    <section ref={ref} tabIndex={-1} className={classes.panel} aria-label={words.call}>
      <div className={classes.bar}>
        <CopyButton
          value={() => `${window.location.origin}${page}`}
          label={words.copyLinkToThisCall}
        />
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={words.openAsPage}
          title={words.openAsPageKey}
          renderRoot={(props) => (
            <Link
              {...props}
              to="/c/$company/calls/$callId"
              params={{ company: slug, callId }}
              state={{ fromList: true }}
            />
          )}
        >
          <Maximize2 size={15} aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          onClick={close}
          aria-label={words.close}
          title={words.closeKey}
        >
          <X size={16} aria-hidden />
        </ActionIcon>
      </div>
      <CallView callId={callId} key={callId} docked />
    </section>
  );
}
