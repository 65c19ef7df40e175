import { useToast } from '~/lib/toast';
import classes from './toast.module.css';

export function Toast() {
  const text = useToast();
  return <div role="status">{text !== '' && <div className={classes.toast}>{text}</div>}</div>;
}
