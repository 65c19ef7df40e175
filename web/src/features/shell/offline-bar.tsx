import { useNetwork } from '@mantine/hooks';
import { WifiOff } from 'lucide-react';
import * as words from '~/words/shell';
import classes from './company-shell.module.css';

export function OfflineBar() {
  const { online } = useNetwork();
  return (
    <div role="status">
      {!online && (
        <div className={classes.bar}>
          <WifiOff size={15} aria-hidden />
          {words.offline}
        </div>
      )}
    </div>
  );
}
