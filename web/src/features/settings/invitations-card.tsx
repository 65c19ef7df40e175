import { Button } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { ResendInvitationDocument, RevokeInvitationDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { actionFailure } from '~/lib/request-failure';
import { exactTime, shortDate } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import { say } from '~/lib/toast';
import type { Invitation } from './people-page';
import classes from './people-page.module.css';
import { ROLE_WORDS } from './role-words';
import { Card } from './settings-page';

interface InvitationsCardProps {
  invitations: Invitation[];
  manages: boolean;
  onChanged: () => void;
}

export function InvitationsCard({ invitations, manages, onChanged }: InvitationsCardProps) {
  const { id: companyId } = useCompany();
  const [, resend] = useMutation(ResendInvitationDocument);
  const [, revoke] = useMutation(RevokeInvitationDocument);
  const [problem, setProblem] = useState<string | null>(null);
  const finish = (failure: string | null, done: string) => {
    setProblem(failure);
    if (failure !== null) return;
    say(done);
    onChanged();
  };
  const sendAgain = async ({ id }: Invitation) => {
    const { data, error } = await resend({ input: { companyId, invitationId: id } });
    finish(actionFailure(error, data?.resendInvitation), 'The invitation was sent again');
  };
  const takeBack = async ({ id }: Invitation) => {
    const { data, error } = await revoke({ input: { companyId, invitationId: id } });
    finish(actionFailure(error, data?.revokeInvitation), 'The invitation is no longer good');
  };
  return (
    <Card title="Invited">
      {problem && (
        <p className={classes.said} data-failed role="alert">
          {problem}
        </p>
      )}
      <ul className={classes.list}>
        {invitations.map((invitation) => (
          <li key={invitation.id} className={classes.person}>
            <div className={classes.text}>
              <bdi className={classes.strong}>{invitation.email}</bdi>
              <Facts invitation={invitation} />
            </div>
            {manages && (
              <span className={classes.actions}>
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => sendAgain(invitation)}
                  aria-label={`Send again: ${invitation.email}`}
                >
                  Send again
                </Button>
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => takeBack(invitation)}
                  aria-label={`Revoke: ${invitation.email}`}
                >
                  Revoke
                </Button>
              </span>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Facts({ invitation }: { invitation: Invitation }) {
  const timeZone = useTimeZone();
  const { role, invitedBy, expiresAt, isExpired } = invitation;
  return (
    <span className={classes.facts}>
      {ROLE_WORDS[role]}
      {invitedBy && (
        <>
          {' '}
          · invited by <bdi>{invitedBy}</bdi>
        </>
      )}{' '}
      ·{' '}
      {isExpired ? (
        'the link is good no more'
      ) : (
        <>
          good until{' '}
          <time dateTime={expiresAt} title={exactTime(expiresAt, timeZone)}>
            {shortDate(expiresAt, timeZone)}
          </time>
        </>
      )}
    </span>
  );
}
