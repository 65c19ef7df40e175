import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CopyButton } from '~/components/copy-button';
import type { PartyFieldsFragment } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { phoneText } from '~/lib/phone';
import * as words from '~/words/call';
import classes from './call-facts.module.css';
import { partyType } from './call-words';
import type { CallDetail } from './use-call';
import { dialpadLink } from './voicemail-link';

export function CallFacts({ call }: { call: CallDetail }) {
  return (
    <section className={classes.facts} aria-labelledby="facts-title">
      <h2 className={classes.title} id="facts-title">
        {words.facts}
      </h2>
      <dl>
        <Fact label={words.customer}>
          <Party party={call.contact} number={phoneText(call.externalNumber)} />
        </Fact>
        <Fact label={words.ourSide}>
          <Party party={call.target} number={phoneText(call.internalNumber)} />
        </Fact>
        {call.entryPointTarget && (
          <Fact label={words.reachedThrough}>
            <Party party={call.entryPointTarget} />
          </Fact>
        )}
        {call.proxyTarget && (
          <Fact label={words.calledAs}>
            <Party party={call.proxyTarget} />
          </Fact>
        )}
        {call.groupId && (
          <Fact label={words.group}>
            <code>{call.groupId}</code>
          </Fact>
        )}
        <Leg label={words.cameThroughCall} callId={call.entryPointCallId} />
        <Leg label={words.transferredFromCall} callId={call.masterCallId} />
        <Leg label={words.answeredInCall} callId={call.operatorCallId} />
        <Fact label={words.recorded}>{yesNo(call.wasRecorded)}</Fact>
        <Fact label={words.transferred}>{yesNo(call.isTransferred)}</Fact>
        {call.voicemailLink && (
          <Fact label={words.voicemail}>
            <VoicemailLink text={call.voicemailLink} />
          </Fact>
        )}
        {call.labels.length > 0 && (
          <Fact label={words.labels}>
            {call.labels.map((label) => (
              <bdi key={label} className={classes.label}>
                {label}
              </bdi>
            ))}
          </Fact>
        )}
        <Fact label={words.state}>
          <code>{call.stateRaw}</code>
        </Fact>
        <Fact label={words.callId} inline>
          <code>{call.callId}</code> <CopyButton value={call.callId} label={words.copyCallId} />
        </Fact>
      </dl>
    </section>
  );
}

interface FactProps {
  label: string;
  /** Text with a button beside it. */
  inline?: boolean;
  children: ReactNode;
}

function Fact({ label, inline = false, children }: FactProps) {
  return (
    <div className={classes.fact}>
      <dt>{label}</dt>
      <dd className={inline ? classes.inline : undefined}>{children}</dd>
    </div>
  );
}

interface PartyProps {
  party: PartyFieldsFragment | null;
  number?: string | null;
}

function Party({ party, number }: PartyProps) {
  const phone = number ?? phoneText(party?.phone);
  const lines = [phone, party?.email].filter((line) => line && line !== party?.name);
  if (!party?.name && lines.length === 0) {
    return <span className={classes.none}>{words.notKnown}</span>;
  }
  return (
    <>
      {party?.name && (
        <bdi className={classes.name} title={party.name}>
          {party.name}
        </bdi>
      )}
      {lines.map((line) => (
        <bdi key={line} className={classes.line}>
          {line}
        </bdi>
      ))}
      {party && <span className={classes.line}>{partyType(party.type)}</span>}
    </>
  );
}

function Leg({ label, callId }: { label: string; callId: string | null }) {
  const { slug } = useCompany();
  if (!callId) return null;
  return (
    <Fact label={label}>
      <Link to="/c/$company/calls/$callId" params={{ company: slug, callId }}>
        {callId}
      </Link>
    </Fact>
  );
}

function VoicemailLink({ text }: { text: string }) {
  const href = dialpadLink(text);
  if (href === null) return <bdi className={classes.text}>{text}</bdi>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer">
      {words.openInDialpad}
    </a>
  );
}

function yesNo(value: boolean | null): string {
  if (value === null) return words.notKnown;
  return value ? words.yes : words.no;
}
