import { Button } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { DottedFacts } from '~/components/dotted-facts';
import { ResendInvitationDocument, RevokeInvitationDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { actionFailure } from '~/lib/request-failure';
import { exactTime, shortDate } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import { say } from '~/lib/toast';
import { ROLE_WORDS } from '~/words/roles';
import * as words from '~/words/settings';
import card from './card.module.css';
import type { Invitation } from './people-page';
import { Problem } from './said';
import { ScopeFact } from './scope-fact';
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
    finish(actionFailure(error, data?.resendInvitation), words.invitationResent);
  };
  const takeBack = async ({ id }: Invitation) => {
    const { data, error } = await revoke({ input: { companyId, invitationId: id } });
    finish(actionFailure(error, data?.revokeInvitation), words.invitationRevoked);
  };
  return (
    <Card title={words.invited}>
      <Problem text={problem} />
      <ul className={card.list}>
        {invitations.map((invitation) => (
          <li key={invitation.id} className={card.row}>
            <div className={card.text}>
              <bdi className={card.strong}>{invitation.email}</bdi>
              <Facts invitation={invitation} />
            </div>
            {manages && (
              <span className={card.actions}>
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => sendAgain(invitation)}
                  aria-label={words.sendAgainTo(invitation.email)}
                >
                  {words.sendAgain}
                </Button>
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => takeBack(invitation)}
                  aria-label={words.revokeOf(invitation.email)}
                >
                  {words.revoke}
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
  const { role, groupScope, invitedBy, expiresAt, isExpired } = invitation;
  return (
    <span className={card.facts}>
      <DottedFacts
        facts={[
          ROLE_WORDS[role],
          ...(groupScope ? [<ScopeFact key="scope" groups={groupScope} />] : []),
          ...(invitedBy ? [words.invitedBy(<bdi>{invitedBy}</bdi>)] : []),
          isExpired
            ? words.linkExpired
            : words.goodUntil(
                <time dateTime={expiresAt} title={exactTime(expiresAt, timeZone)}>
                  {shortDate(expiresAt, timeZone)}
                </time>,
              ),
        ]}
      />
    </span>
  );
}
