import { Link } from '@tanstack/react-router';
import type { RecheckFieldsFragment } from '~/gql/documents';
import { callName } from '~/lib/call-name';
import { useCompany } from '~/lib/company';
import { recheckSentence, summarise } from '~/lib/recheck';
import classes from './setup-page.module.css';

const CALLS_MAX = 6;

/** What the new secret made of the deliveries that had been refused before it. */
export function Recovered({ recheck }: { recheck: RecheckFieldsFragment }) {
  const { slug } = useCompany();
  const { calls } = summarise(recheck.results);
  const params = { company: slug };
  return (
    <div className={classes.recovered}>
      <p>What had been refused was examined again. {recheckSentence(recheck)}</p>
      {calls.length > 0 && (
        <ul>
          {calls.slice(0, CALLS_MAX).map(({ call }) => (
            <li key={call.callId}>
              <Link to="/c/$company/calls/$callId" params={{ ...params, callId: call.callId }}>
                <bdi>{callName(call)}</bdi>
              </Link>
            </li>
          ))}
          {calls.length > CALLS_MAX && <li>and {calls.length - CALLS_MAX} more</li>}
        </ul>
      )}
      <Link to="/c/$company/deliveries" params={params}>
        See the deliveries
      </Link>
    </div>
  );
}
