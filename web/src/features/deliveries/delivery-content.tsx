import { Tabs } from '@mantine/core';
import { ShieldAlert, TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { CopyButton } from '~/components/copy-button';
import { readableText } from '~/lib/pretty-json';
import * as words from '~/words/deliveries';
import { type CompactToken, readToken } from './compact-token';
import { DecodedFields } from './decoded-fields';
import classes from './delivery-content.module.css';
import { DownloadButton } from './download-button';
import { type Fields, jsonFields } from './json-fields';
import type { DeliveryDetail } from './use-deliveries';

interface Content {
  raw: string;
  /** Set when the body is a token as it came. */
  token: CompactToken | null;
  fields: Fields | null;
  /** Nobody vouches for what it says. */
  unverified: boolean;
}

/** What was sent, as text and nothing else. */
export function DeliveryContent({ delivery }: { delivery: DeliveryDetail }) {
  const { raw, outcome, problems } = delivery;
  if (raw === null) {
    return (
      <p className={classes.none}>{outcome === 'REJECTED' ? words.bodyNotKept : words.bodyGone}</p>
    );
  }
  const unverified = outcome === 'REJECTED';
  const token = unverified ? readToken(raw) : null;
  const content = { raw, token, fields: jsonFields(token?.payload ?? raw), unverified };
  return (
    <Tabs defaultValue="decoded" keepMounted={false} className={classes.content}>
      <Tabs.List>
        <Tabs.Tab value="decoded">{words.decoded}</Tabs.Tab>
        <Tabs.Tab value="raw">{words.raw}</Tabs.Tab>
      </Tabs.List>
      <Tabs.Panel value="decoded" pt="sm">
        <Decoded content={content} problems={problems} />
      </Tabs.Panel>
      <Tabs.Panel value="raw" pt="sm">
        <Raw content={content} name={fileName(delivery)} />
      </Tabs.Panel>
    </Tabs>
  );
}

function Unverified() {
  return (
    <p className={classes.unverified}>
      <ShieldAlert size={15} aria-hidden />
      <span>
        {words.unverified((text) => (
          <strong>{text}</strong>
        ))}
      </span>
    </p>
  );
}

function Decoded({ content, problems }: { content: Content; problems: string[] }) {
  const { fields, unverified } = content;
  return (
    <>
      {unverified && <Unverified />}
      {problems.length > 0 && (
        <div className={classes.problems}>
          <p>
            <TriangleAlert size={15} aria-hidden /> {words.notUnderstood}
          </p>
          <ul>
            {problems.map((problem) => (
              <li key={problem}>
                <bdi>{problem}</bdi>
              </li>
            ))}
          </ul>
        </div>
      )}
      {fields ? (
        <DecodedFields fields={fields} />
      ) : (
        <p className={classes.none}>{words.noFields}</p>
      )}
    </>
  );
}

function Raw({ content, name }: { content: Content; name: string }) {
  const { raw, token, unverified } = content;
  return (
    <>
      {unverified && <Unverified />}
      {token && (
        <>
          <Block title={words.headerDecoded} text={readableText(token.header)} />
          <Block title={words.payloadDecoded} text={readableText(token.payload)} />
        </>
      )}
      <Block
        title={token ? words.tokenAsItCame : unverified ? words.bodyAsItCame : words.asItWasSigned}
        text={readableText(raw)}
        tools={
          <>
            <CopyButton value={raw} label={words.copyBody} />
            <DownloadButton text={raw} name={name} />
          </>
        }
      />
    </>
  );
}

function Block({ title, text, tools }: { title: string; text: string; tools?: ReactNode }) {
  return (
    <figure className={classes.block}>
      <figcaption className={classes.blockBar}>
        <span>{title}</span>
        <span className={classes.tools}>{tools}</span>
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll, which must work without a mouse. */}
      <pre tabIndex={0}>{text}</pre>
    </figure>
  );
}

function fileName({ receivedAt, outcome }: DeliveryDetail): string {
  const kind = outcome === 'REJECTED' ? 'txt' : 'json';
  return `delivery-${receivedAt.replaceAll(/[:.]/g, '-')}.${kind}`;
}
