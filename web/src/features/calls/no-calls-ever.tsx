import { Link } from '@tanstack/react-router';
import { PageState } from '~/components/page-state';
import { useCompany } from '~/lib/company';
import classes from './no-calls-ever.module.css';

export function NoCallsEver() {
  const { slug } = useCompany();
  return (
    <PageState
      title="No calls yet"
      level={2}
      action={
        <Link to="/c/$company/setup" params={{ company: slug }} className={classes.action}>
          Open set-up
        </Link>
      }
    >
      Calls appear here by themselves as soon as Dialpad sends the first event.
    </PageState>
  );
}
