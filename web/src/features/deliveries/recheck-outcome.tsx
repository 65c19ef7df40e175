import { Link } from '@tanstack/react-router';
import type { RecheckFieldsFragment } from '~/gql/documents';
import { callName } from '~/lib/call-name';
import { useCompany } from '~/lib/company';
import { recheckSentence, summarise } from '~/lib/recheck';
import * as words from '~/words/deliveries';
import { REASON_WORDS } from '~/words/delivery-reasons';
import { number } from '~/words/language';
import { Outcome } from './outcome';
import classes from './recheck-dialog.module.css';

const CALLS_MAX = 50;

/** What became of each: the calls that came of it, and why the rest is still refused. */
export function RecheckOutcome({ result }: { result: RecheckFieldsFragment }) {
  const { slug } = useCompany();
  const { calls, others, refused } = summarise(result.results);
  return (
    <>
      <p className={classes.sentence}>{recheckSentence(result)}</p>
      {(calls.length > 0 || others > 0) && (
        <ul className={classes.list}>
          {calls.slice(0, CALLS_MAX).map(({ call, events }) => (
            <li key={call.callId} className={classes.item}>
              <Outcome outcome="ACCEPTED" />
              <Link
                to="/c/$company/calls/$callId"
                params={{ company: slug, callId: call.callId }}
                className={classes.call}
              >
                <bdi>{callName(call)}</bdi>
              </Link>
              <span className={classes.aside}>{words.eventCount(events)}</span>
            </li>
          ))}
          {others > 0 && (
            <li className={classes.item}>
              <Outcome outcome="ACCEPTED" />
              <span>{words.withoutCall(others)}</span>
            </li>
          )}
          {calls.length > CALLS_MAX && (
            <li className={classes.item}>{words.moreCalls(calls.length - CALLS_MAX)}</li>
          )}
        </ul>
      )}
      {refused.length > 0 && (
        <ul className={classes.list}>
          {refused.map(({ outcome, reason, count }) => (
            <li key={`${outcome} ${reason}`} className={classes.refused}>
              <span className={classes.item}>
                <Outcome outcome={outcome} />
                <span>{reason ? REASON_WORDS[reason].what : words.noReasonGiven}</span>
                <span className={classes.aside}>{number(count)}×</span>
              </span>
              {reason && <span className={classes.fix}>{REASON_WORDS[reason].fix}</span>}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
