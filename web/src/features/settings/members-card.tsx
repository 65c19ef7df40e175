import { Button, Checkbox, NativeSelect } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useMutation } from 'urql';
import { ConfirmDialog } from '~/components/confirm-dialog';
import {
  ChangeMemberRoleDocument,
  LeaveCompanyDocument,
  RemoveMemberDocument,
  type Role,
  TransferOwnershipDocument,
} from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { actionFailure } from '~/lib/request-failure';
import { exactTime, shortDate } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import { say } from '~/lib/toast';
import * as scopeWords from '~/words/group-scope';
import { ROLE_WORDS } from '~/words/roles';
import * as words from '~/words/settings';
import card from './card.module.css';
import type { Member } from './people-page';
import classes from './people-page.module.css';
import { ROLE_OPTIONS } from './role-words';
import { Problem } from './said';
import { ScopeDialog } from './scope-dialog';
import { ScopeFact } from './scope-fact';
import { Card } from './settings-page';

interface MembersCardProps {
  members: Member[];
  manages: boolean;
  onChanged: () => void;
}

type Asked = { kind: 'remove' | 'leave' | 'hand-over'; member: Member };

export function MembersCard({ members, manages, onChanged }: MembersCardProps) {
  const company = useCompany();
  const [, changeRole] = useMutation(ChangeMemberRoleDocument);
  const [asked, ask] = useState<Asked | null>(null);
  const [scoped, scope] = useState<Member | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const handsOver = company.viewerMay.includes('TRANSFER_OWNERSHIP');
  const change = async (member: Member, role: Role) => {
    const input = { companyId: company.id, memberId: member.id, role };
    const { data, error } = await changeRole({ input });
    const failure = actionFailure(error, data?.changeMemberRole);
    setProblem(failure);
    if (failure === null) say(words.roleChanged(member.email, ROLE_WORDS[role]));
    onChanged();
  };
  return (
    <Card title={words.members}>
      <Problem text={problem} />
      <ul className={card.list}>
        {members.map((member) => (
          <MemberLine key={member.id} member={member}>
            {manages && !member.isViewer && member.role !== 'OWNER' ? (
              <NativeSelect
                size="xs"
                aria-label={words.roleOf(member.email)}
                data={ROLE_OPTIONS}
                value={member.role}
                onChange={(event) => change(member, event.currentTarget.value as Role)}
              />
            ) : (
              <span className={classes.role}>{ROLE_WORDS[member.role]}</span>
            )}
            {manages && !member.isViewer && isScopable(member) && (
              <Act name={scopeWords.changeScope} member={member} onAct={() => scope(member)} />
            )}
            {handsOver && !member.isViewer && member.role !== 'OWNER' && (
              <Act
                name={words.makeOwner}
                member={member}
                onAct={() => ask({ kind: 'hand-over', member })}
              />
            )}
            {manages && !member.isViewer && (
              <Act
                name={words.remove}
                member={member}
                onAct={() => ask({ kind: 'remove', member })}
              />
            )}
            {member.isViewer && (
              <Act
                name={words.leave}
                member={member}
                onAct={() => ask({ kind: 'leave', member })}
              />
            )}
          </MemberLine>
        ))}
      </ul>
      <ScopeDialog member={scoped} onClose={() => scope(null)} onChanged={onChanged} />
      <Question asked={asked} onClose={() => ask(null)} onDone={onChanged} />
    </Card>
  );
}

/** Who runs the company sees all of it. */
const isScopable = ({ role }: Member) => role === 'MEMBER' || role === 'VIEWER';

function MemberLine({ member, children }: { member: Member; children: ReactNode }) {
  const timeZone = useTimeZone();
  return (
    <li className={card.row}>
      <div className={card.text}>
        <bdi className={card.strong}>{member.name ?? member.email}</bdi>
        {member.isViewer && <span className={card.badge}>{words.you}</span>}
        <span className={card.facts}>
          {member.name && (
            <>
              <bdi>{member.email}</bdi>
              {' · '}
            </>
          )}
          {words.memberSince(
            <time dateTime={member.joinedAt} title={exactTime(member.joinedAt, timeZone)}>
              {shortDate(member.joinedAt, timeZone)}
            </time>,
          )}
          {member.groupScope && (
            <>
              {' · '}
              <ScopeFact groups={member.groupScope} />
            </>
          )}
        </span>
      </div>
      <span className={card.actions}>{children}</span>
    </li>
  );
}

interface ActProps {
  name: string;
  member: Member;
  onAct: () => void;
}

function Act({ name, member, onAct }: ActProps) {
  return (
    <Button
      size="compact-sm"
      variant="default"
      onClick={onAct}
      aria-label={words.actOn(name, member.email)}
    >
      {name}
    </Button>
  );
}

interface QuestionProps {
  asked: Asked | null;
  onClose: () => void;
  onDone: () => void;
}

function Question({ asked, onClose, onDone }: QuestionProps) {
  const { id: companyId, name } = useCompany();
  const [, remove] = useMutation(RemoveMemberDocument);
  const [, leave] = useMutation(LeaveCompanyDocument);
  const [, handOver] = useMutation(TransferOwnershipDocument);
  // While the dialog goes away it still says what it asked.
  const [shown, setShown] = useState(asked);
  const [keepsKeys, keepKeys] = useState(false);
  if (asked !== null && asked !== shown) {
    setShown(asked);
    keepKeys(false);
  }
  if (shown === null) return null;
  const { kind, member } = shown;
  const input = { companyId, memberId: member.id };
  const run = async () => {
    if (kind === 'remove') {
      const { data, error } = await remove({ input: { ...input, keepApiKeys: keepsKeys } });
      return actionFailure(error, data?.removeMember);
    }
    if (kind === 'leave') {
      const { data, error } = await leave({ input: { companyId } });
      return actionFailure(error, data?.leaveCompany);
    }
    const { data, error } = await handOver({ input });
    return actionFailure(error, data?.transferOwnership);
  };
  const onConfirm = async () => {
    const failure = await run();
    if (failure !== null) return failure;
    // What the viewer may do has changed with it, and every page knows it from the start.
    if (kind === 'remove') onDone();
    else window.location.assign('/');
    return null;
  };
  const question = {
    remove: {
      title: words.removeTitle,
      confirm: words.remove,
      text: words.removeEffect(member.email, name),
    },
    leave: {
      title: words.leaveTitle,
      confirm: words.leave,
      text: words.leaveEffect(name),
    },
    'hand-over': {
      title: words.handOverTitle,
      confirm: words.makeOwner,
      text: words.handOverEffect(member.email, name),
    },
  }[kind];
  return (
    <ConfirmDialog
      opened={asked !== null}
      title={question.title}
      confirm={question.confirm}
      onClose={onClose}
      onConfirm={onConfirm}
    >
      <p>{question.text}</p>
      {kind === 'remove' && member.apiKeyCount > 0 && (
        <Checkbox
          mb="md"
          label={words.keepTheirKeys(member.apiKeyCount)}
          description={words.otherwiseRevoked}
          checked={keepsKeys}
          onChange={(event) => keepKeys(event.currentTarget.checked)}
        />
      )}
      {kind === 'leave' && member.apiKeyCount > 0 && (
        <p>{words.ownKeysRevoked(member.apiKeyCount)}</p>
      )}
    </ConfirmDialog>
  );
}
