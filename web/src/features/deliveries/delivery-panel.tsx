import { ActionIcon, Button, Skeleton, Stack, Tooltip } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
import { ArrowLeft, RotateCw, X } from 'lucide-react';
import { type MouseEvent, type Ref, useId } from 'react';
import { CopyButton } from '~/components/copy-button';
import { ErrorBanner } from '~/components/page-state';
import { useCompany } from '~/lib/company';
import { mayChangeEndpoint } from '~/lib/permissions';
import * as words from '~/words/deliveries';
import { DeliveryContent } from './delivery-content';
import { DeliveryFacts } from './delivery-facts';
import classes from './delivery-panel.module.css';
import { canBeRechecked, deliveryTitle } from './delivery-words';
import { useDelivery } from './use-deliveries';

interface DeliveryPanelProps {
  id: string;
  ref: Ref<HTMLElement>;
  onClose: (how: { byKeyboard: boolean }) => void;
  onRecheck: () => void;
}

/** As in the styles: below this the list is not shown beside the panel. */
const NARROW = '(max-width: 68.75em)';

/** Docked beside the list; on a narrow screen in its place. */
export function DeliveryPanel({ id, ref, onClose, onRecheck }: DeliveryPanelProps) {
  const { delivery, error, missing, refresh } = useDelivery(id);
  const titleId = useId();
  // A button that is pressed by key counts no clicks.
  const close = (event: MouseEvent) => onClose({ byKeyboard: event.detail === 0 });
  // Where the list is not shown, this is the heading of the page.
  const Heading = useMediaQuery(NARROW, false, { getInitialValueInEffect: false }) ? 'h1' : 'h2';
  return (
    <section ref={ref} tabIndex={-1} className={classes.panel} aria-labelledby={titleId}>
      <div className={classes.bar}>
        <button type="button" className={classes.back} onClick={close}>
          <ArrowLeft size={15} aria-hidden /> {words.deliveries}
        </button>
        <span className={classes.barTools}>
          <CopyButton value={() => linkTo(id)} label={words.copyDeliveryLink} />
          <Tooltip label={words.closeEsc}>
            <ActionIcon
              variant="subtle"
              color="gray"
              className={classes.close}
              onClick={close}
              aria-label={words.close}
            >
              <X size={16} aria-hidden />
            </ActionIcon>
          </Tooltip>
        </span>
      </div>
      {error && <ErrorBanner error={error} onRetry={refresh} />}
      {delivery ? (
        <>
          <header className={classes.header} data-outcome={delivery.outcome}>
            <Heading id={titleId} className={classes.title}>
              <span className={classes.dot} aria-hidden />
              {deliveryTitle(delivery)}
            </Heading>
            <p className={classes.explanation}>{delivery.explanation}</p>
            {canBeRechecked(delivery) && delivery.raw !== null && (
              <RecheckButton onRecheck={onRecheck} />
            )}
          </header>
          <DeliveryFacts delivery={delivery} />
          <DeliveryContent key={delivery.id} delivery={delivery} />
        </>
      ) : (
        <div className={classes.header}>
          <Heading id={titleId} className={classes.title}>
            {missing ? words.notHere : words.delivery}
          </Heading>
          {missing && <p className={classes.explanation}>{words.notHereWhy}</p>}
          {!missing && !error && (
            <Stack role="status" aria-busy="true" aria-label={words.loading} mt="md">
              <Skeleton height={120} />
              <Skeleton height={240} />
            </Stack>
          )}
        </div>
      )}
    </section>
  );
}

function RecheckButton({ onRecheck }: { onRecheck: () => void }) {
  const { viewerRole } = useCompany();
  if (!mayChangeEndpoint(viewerRole)) {
    return <p className={classes.note}>{words.adminCanRecheck}</p>;
  }
  return (
    <Button
      variant="default"
      size="xs"
      mt={10}
      leftSection={<RotateCw size={14} aria-hidden />}
      onClick={onRecheck}
    >
      {words.recheckThis}
    </Button>
  );
}

/** Without the place in the list, which is another one by the time somebody follows it. */
function linkTo(id: string): string {
  return `${window.location.origin}${window.location.pathname}?d=${encodeURIComponent(id)}`;
}
