import { Button } from '@mantine/core';
import { Download } from 'lucide-react';
import { CopyButton } from '~/components/copy-button';
import * as words from '~/words/settings';
import card from './card.module.css';
import classes from './second-factor.module.css';

interface RecoveryCodesProps {
  codes: string[];
  onSaved: () => void;
}

/** They are shown this once; without them a lost app locks its owner out. */
export function RecoveryCodes({ codes, onSaved }: RecoveryCodesProps) {
  const text = `${codes.join('\n')}\n`;
  return (
    <div role="status">
      <p className={card.hint}>{words.recoveryCodesLead}</p>
      <ul className={classes.codes} aria-label={words.recoveryCodes}>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div className={card.actions}>
        <CopyButton value={text} label={words.copyRecoveryCodes} labelled />
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<Download size={15} aria-hidden />}
          onClick={() => download(text)}
        >
          {words.download}
        </Button>
        <Button size="compact-sm" onClick={onSaved}>
          {words.iHaveSavedThem}
        </Button>
      </div>
    </div>
  );
}

function download(text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = 'trunkline-recovery-codes.txt';
  link.click();
  URL.revokeObjectURL(address);
}
