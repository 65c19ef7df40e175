import { ActionIcon, Tooltip } from '@mantine/core';
import { Eye, EyeOff } from 'lucide-react';
import { useState } from 'react';
import { CopyButton } from '~/components/copy-button';
import type { EndpointFieldsFragment } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { mayChangeEndpoint } from '~/lib/permissions';
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
        What Dialpad needs from you
      </h2>
      <div className={classes.card}>
        <div className={classes.field}>
          <span className={classes.label}>Request URL</span>
          <div className={classes.value}>
            <code data-testid="request-url">{endpoint.requestUrl}</code>
            <CopyButton value={endpoint.requestUrl} what="Request URL" />
          </div>
          <PreviousUrl endpoint={endpoint} />
          {mayChangeEndpoint(viewerRole) && <RotateUrl />}
        </div>
        <div className={classes.field}>
          <span className={classes.label}>Secret</span>
          {endpoint.secret === null ? (
            <p className={classes.note}>
              Only owners and admins of the company may see the secret.
            </p>
          ) : (
            <div className={classes.value}>
              <code data-testid="secret">{revealed ? endpoint.secret : '•'.repeat(24)}</code>
              <Tooltip label={revealed ? 'Hide' : 'Reveal'}>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  onClick={() => setRevealed(!revealed)}
                  aria-label={revealed ? 'Hide secret' : 'Reveal secret'}
                >
                  {revealed ? <EyeOff size={15} aria-hidden /> : <Eye size={15} aria-hidden />}
                </ActionIcon>
              </Tooltip>
              <CopyButton value={endpoint.secret} what="Secret" />
            </div>
          )}
          <PreviousSecret endpoint={endpoint} />
        </div>
      </div>
    </section>
  );
}
