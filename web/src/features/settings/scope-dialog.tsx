import { Button, Group, Radio, Stack } from '@mantine/core';
import { useState } from 'react';
import { useMutation } from 'urql';
import { Dialog } from '~/components/dialog';
import { ScopeMemberDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { actionFailure } from '~/lib/request-failure';
import { say } from '~/lib/toast';
import { cancel } from '~/words/components';
import * as words from '~/words/group-scope';
import card from './card.module.css';
import { groupOption } from './group-options';
import { GroupPicker } from './group-picker';
import type { Member } from './people-page';
import { Problem } from './said';

interface ScopeDialogProps {
  /** Whose calls it is about; `null` while it is closed. */
  member: Member | null;
  onClose: () => void;
  onChanged: () => void;
}

/** Says whose calls a member sees: all, or those of some groups and people. */
export function ScopeDialog({ member, onClose, onChanged }: ScopeDialogProps) {
  // While the dialog goes away it still says what it asked.
  const [shown, setShown] = useState(member);
  if (member !== null && member !== shown) setShown(member);
  return (
    <Dialog opened={member !== null} onClose={onClose} title={words.scopeTitle}>
      {shown && <ScopeForm key={shown.id} member={shown} onClose={onClose} onChanged={onChanged} />}
    </Dialog>
  );
}

interface ScopeFormProps {
  member: Member;
  onClose: () => void;
  onChanged: () => void;
}

function ScopeForm({ member, onClose, onChanged }: ScopeFormProps) {
  const company = useCompany();
  const [{ fetching }, scope] = useMutation(ScopeMemberDocument);
  const [whose, setWhose] = useState(member.groupScope ? 'some' : 'all');
  const [chosen, choose] = useState(member.groupScope?.map(({ groupId }) => groupId) ?? []);
  const [lacks, setLacks] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const save = async () => {
    if (whose === 'some' && chosen.length === 0) {
      setLacks(true);
      return;
    }
    const groupScope = whose === 'some' ? chosen : null;
    const input = { companyId: company.id, memberId: member.id, groupScope };
    const { data, error } = await scope({ input });
    const failure = actionFailure(error, data?.scopeMember);
    setProblem(failure);
    if (failure !== null) return;
    say(words.scopeChanged(member.email));
    onClose();
    onChanged();
  };
  return (
    <>
      <Radio.Group
        label={words.scopeOf(<bdi>{member.name ?? member.email}</bdi>)}
        value={whose}
        onChange={setWhose}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="all" label={words.allCalls} />
          <Radio value="some" label={words.someCalls} description={words.someCallsHint} />
        </Stack>
      </Radio.Group>
      {whose === 'some' && (
        <div className={card.below}>
          <GroupPicker
            label={words.groupsChosen}
            chosen={chosen}
            known={member.groupScope?.map(groupOption)}
            error={lacks && chosen.length === 0 ? words.chooseGroups : undefined}
            onChange={choose}
          />
        </div>
      )}
      <Problem text={problem} />
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={onClose}>
          {cancel}
        </Button>
        <Button loading={fetching} onClick={save}>
          {words.saveScope}
        </Button>
      </Group>
    </>
  );
}
