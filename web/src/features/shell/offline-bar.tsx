import { useNetwork } from '@mantine/hooks';
import { WifiOff } from 'lucide-react';
import classes from './company-shell.module.css';

export function OfflineBar() {
  const { online } = useNetwork();
  return (
    <div role="status">
      {!online && (
        <div className={classes.bar}>
          <WifiOff size={15} aria-hidden />
          You are offline. What was loaded stays; it is renewed when the connection is back.
        </div>
      )}
    </div>
  );
}
