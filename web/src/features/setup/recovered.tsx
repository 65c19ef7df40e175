import { Link } from '@tanstack/react-router';
import type { RecheckFieldsFragment } from '~/gql/documents';
import { callName } from '~/lib/call-name';
import { useCompany } from '~/lib/company';
import { recheckSentence, summarise } from '~/lib/recheck';
import * as words from '~/words/setup';
import classes from './setup-page.module.css';

const CALLS_MAX = 6;

/** What the new secret made of the deliveries that had been refused before it. */
export function Recovered({ recheck }: { recheck: RecheckFieldsFragment }) {
  const { slug } = useCompany();
  const { calls } = summarise(recheck.results);
  const params = { company: slug };
  return (
    <div className={classes.recovered}>
      <p>
        {words.examinedAgain} {recheckSentence(recheck)}
      </p>
      {calls.length > 0 && (
        <ul>
          {calls.slice(0, CALLS_MAX).map(({ call }) => (
            <li key={call.callId}>
              <Link to="/c/$company/calls/$callId" params={{ ...params, callId: call.callId }}>
                <bdi>{callName(call)}</bdi>
              </Link>
            </li>
          ))}
          {calls.length > CALLS_MAX && <li>{words.andMore(calls.length - CALLS_MAX)}</li>}
        </ul>
      )}
      <Link to="/c/$company/deliveries" params={params}>
        {words.seeDeliveries}
      </Link>
    </div>
  );
}
