import { Button, Group } from '@mantine/core';
import { useMutation } from 'urql';
import { Dialog } from '~/components/dialog';
import { RecheckDeliveriesDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { failureText } from '~/lib/request-failure';
import * as words from '~/words/deliveries';
import classes from './recheck-dialog.module.css';
import { RecheckOutcome } from './recheck-outcome';

/** What shall be examined: one delivery, or all that can be, of which there are so many. */
export type RecheckTarget = { id: string } | { count: number };

interface RecheckDialogProps {
  target: RecheckTarget | null;
  onClose: () => void;
  onClosed: () => void;
  /** The deliveries are not what they were; of a single one, the id it has now. */
  onDone: (newId: string | null) => void;
}

const COUNT_MAX = 1_000;

export function RecheckDialog({ target, onClose, onClosed, onDone }: RecheckDialogProps) {
  return (
    <Dialog
      opened={target !== null}
      onClose={onClose}
      onClosed={onClosed}
      title={words.recheckTitle}
    >
      {target && <Recheck target={target} onClose={onClose} onDone={onDone} />}
    </Dialog>
  );
}

/** "Re-check this delivery", "Re-check 12 deliveries". */
export function recheckText(target: RecheckTarget): string {
  return 'id' in target ? words.recheckThis : words.recheckCount(Math.min(target.count, COUNT_MAX));
}

type RecheckProps = Omit<RecheckDialogProps, 'target' | 'onClosed'> & { target: RecheckTarget };

function Recheck({ target, onClose, onDone }: RecheckProps) {
  const company = useCompany();
  const [{ data, error, fetching }, recheck] = useMutation(RecheckDeliveriesDocument);
  const result = data?.recheckDeliveries ?? null;
  const done = result !== null && result.userErrors.length === 0;

  const run = async () => {
    const deliveryIds = 'id' in target ? [target.id] : undefined;
    const answer = await recheck({ input: { companyId: company.id, deliveryIds } });
    const payload = answer.data?.recheckDeliveries;
    if (!payload) return;
    const now = 'id' in target ? payload.results[0]?.delivery?.id : null;
    onDone(now ?? null);
  };

  return (
    <div aria-live="polite">
      {done ? (
        <RecheckOutcome result={result} />
      ) : (
        <p className={classes.text}>
          {'id' in target ? words.recheckThisEffect : words.recheckAllEffect}
        </p>
      )}
      {error && <p className={classes.bad}>{failureText(error)}</p>}
      {result?.userErrors.map((problem) => (
        <p key={problem.code} className={classes.bad}>
          {problem.message}
        </p>
      ))}
      <Group justify="flex-end" gap="xs" mt="lg">
        {!done && (
          <Button variant="default" onClick={onClose}>
            {words.cancel}
          </Button>
        )}
        {(!done || result.hasMore) && (
          <Button variant={done ? 'default' : 'filled'} loading={fetching} onClick={run}>
            {done ? words.recheckNext : recheckText(target)}
          </Button>
        )}
        {done && (
          <Button onClick={onClose} data-autofocus>
            {words.done}
          </Button>
        )}
      </Group>
    </div>
  );
}
