import { ActionIcon, Tooltip } from '@mantine/core';
import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { CopyButton } from '~/components/copy-button';
import type { EndpointFieldsFragment } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { mayChangeEndpoint } from '~/lib/permissions';
import * as words from '~/words/setup';
import { PreviousSecret, PreviousUrl } from './previous';
import { RotateUrl } from './rotate-url';
import classes from './setup-page.module.css';

interface CredentialsCardProps {
  endpoint: EndpointFieldsFragment;
}

export function CredentialsCard({ endpoint }: CredentialsCardProps) {
  const { viewerRole } = useCompany();
  const [revealed, setRevealed] = useState(false);
  return (
    <section className={classes.section} aria-labelledby="credentials-title">
      <h2 className={classes.sectionTitle} id="credentials-title">
        {words.credentialsTitle}
      </h2>
      <div className={classes.card}>
        <div className={classes.field}>
          <span className={classes.label}>{words.requestUrl}</span>
          <div className={classes.value}>
            <code data-testid="request-url">{endpoint.requestUrl}</code>
            <CopyButton value={endpoint.requestUrl} label={words.copyRequestUrl} />
          </div>
          <PreviousUrl endpoint={endpoint} />
          {mayChangeEndpoint(viewerRole) && <RotateUrl />}
        </div>
        <div className={classes.field}>
          <span className={classes.label}>{words.secret}</span>
          {endpoint.secret === null ? (
            <p className={classes.note}>{words.secretHidden}</p>
          ) : (
            <div className={classes.value}>
              <code data-testid="secret">{revealed ? endpoint.secret : '•'.repeat(24)}</code>
              <Tooltip label={revealed ? words.hide : words.reveal}>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  onClick={() => setRevealed(!revealed)}
                  aria-label={revealed ? words.hideSecret : words.revealSecret}
                >
                  {revealed ? <EyeOff size={15} aria-hidden /> : <Eye size={15} aria-hidden />}
                </ActionIcon>
              </Tooltip>
              <CopyButton value={endpoint.secret} label={words.copySecret} />
            </div>
          )}
          <PreviousSecret endpoint={endpoint} />
        </div>
      </div>
    </section>
  );
}
