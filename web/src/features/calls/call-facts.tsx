import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { CopyButton } from '~/components/copy-button';
import type { PartyFieldsFragment } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { phoneText } from '~/lib/phone';
import classes from './call-facts.module.css';
import { partyType } from './call-words';
import type { CallDetail } from './use-call';
import { dialpadLink } from './voicemail-link';

export function CallFacts({ call }: { call: CallDetail }) {
  return (
    <section className={classes.facts} aria-labelledby="facts-title">
      <h2 className={classes.title} id="facts-title">
        Facts
      </h2>
      <dl>
        <Fact label="Customer">
          <Party party={call.contact} number={phoneText(call.externalNumber)} />
        </Fact>
        <Fact label="Our side">
          <Party party={call.target} number={phoneText(call.internalNumber)} />
        </Fact>
        {call.entryPointTarget && (
          <Fact label="Reached through">
            <Party party={call.entryPointTarget} />
          </Fact>
        )}
        {call.proxyTarget && (
          <Fact label="Called as">
            <Party party={call.proxyTarget} />
          </Fact>
        )}
        {call.groupId && (
          <Fact label="Group">
            <code>{call.groupId}</code>
          </Fact>
        )}
        <Leg label="Came through call" callId={call.entryPointCallId} />
        <Leg label="Transferred from call" callId={call.masterCallId} />
        <Leg label="Answered in call" callId={call.operatorCallId} />
        <Fact label="Recorded">{yesNo(call.wasRecorded)}</Fact>
        <Fact label="Transferred">{yesNo(call.isTransferred)}</Fact>
        {call.voicemailLink && (
          <Fact label="Voicemail">
            <VoicemailLink text={call.voicemailLink} />
          </Fact>
        )}
        {call.labels.length > 0 && (
          <Fact label="Labels">
            {call.labels.map((label) => (
              <bdi key={label} className={classes.label}>
                {label}
              </bdi>
            ))}
          </Fact>
        )}
        <Fact label="State">
          <code>{call.stateRaw}</code>
        </Fact>
        <Fact label="Call id" inline>
          <code>{call.callId}</code> <CopyButton value={call.callId} what="call id" />
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
  if (!party?.name && lines.length === 0) return <span className={classes.none}>not known</span>;
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
      Open in Dialpad
    </a>
  );
}

function yesNo(value: boolean | null): string {
  if (value === null) return 'not known';
  return value ? 'yes' : 'no';
}
