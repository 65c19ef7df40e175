import { useState } from 'react';
import type { SecurityQuery } from '~/gql/documents';
import * as words from '~/words/settings';
import card from './card.module.css';
import { RecoveryCodes } from './recovery-codes';
import { SecondFactorOff } from './second-factor-off';
import { SecondFactorOn } from './second-factor-on';
import { Card } from './settings-page';

interface SecondFactorCardProps {
  factor: SecurityQuery['viewer']['secondFactor'];
  onChanged: () => void;
}

/** A code of an app, beside the password. */
export function SecondFactorCard({ factor, onChanged }: SecondFactorCardProps) {
  const [codes, setCodes] = useState<string[] | null>(null);
  const show = (made: string[]) => {
    setCodes(made);
    onChanged();
  };
  return (
    <Card
      title={words.secondFactor}
      action={
        <span className={card.badge} data-good={factor !== null}>
          {factor === null ? words.off : words.on}
        </span>
      }
    >
      {codes !== null && <RecoveryCodes codes={codes} onSaved={() => setCodes(null)} />}
      {codes === null && factor !== null && (
        <SecondFactorOn factor={factor} onCodes={show} onEnded={onChanged} />
      )}
      {codes === null && factor === null && <SecondFactorOff onCodes={show} />}
    </Card>
  );
}
