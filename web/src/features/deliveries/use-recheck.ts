import { useState } from 'react';
import { useCompany } from '~/lib/company';
import { mayChangeEndpoint } from '~/lib/permissions';
import { canBeRechecked } from './delivery-words';
import type { RecheckTarget } from './recheck-dialog';
import type { DeliveryRow } from './use-deliveries';

/** What the dialog is asked about, and who may ask. */
export function useRecheck(open: DeliveryRow | undefined, recheckableCount: number) {
  const { viewerRole } = useCompany();
  const [target, setTarget] = useState<RecheckTarget | null>(null);
  const allowed = mayChangeEndpoint(viewerRole);
  /** How many deliveries could be examined; 0 for roles that may not ask for it. */
  const count = allowed ? recheckableCount : 0;
  const all = () => setTarget({ count });
  return {
    target,
    count,
    all,
    one: (id: string) => setTarget({ id }),
    close: () => setTarget(null),
    /** By key: the open delivery if it is one to examine, or else all. */
    byKey: () => {
      if (allowed && open && canBeRechecked(open)) setTarget({ id: open.id });
      else if (count > 0) all();
    },
  };
}
