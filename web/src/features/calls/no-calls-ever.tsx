import { Link } from '@tanstack/react-router';
import { PageState } from '~/components/page-state';
import { useCompany } from '~/lib/company';
import * as words from '~/words/calls';
import classes from './no-calls-ever.module.css';

export function NoCallsEver() {
  const { slug } = useCompany();
  return (
    <PageState
      title={words.noCallsYet}
      level={2}
      action={
        <Link to="/c/$company/setup" params={{ company: slug }} className={classes.action}>
          {words.openSetUp}
        </Link>
      }
    >
      {words.noCallsYetWhy}
    </PageState>
  );
}
