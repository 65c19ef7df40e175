import { ActionIcon, Menu } from '@mantine/core';
import { Ellipsis, Pencil, Trash2, UserRound, Users } from 'lucide-react';
import { useState } from 'react';
import { useMutation } from 'urql';
import { ConfirmDialog } from '~/components/confirm-dialog';
import { DeleteSavedViewDocument, UpdateSavedViewDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { actionFailure } from '~/lib/request-failure';
import { say } from '~/lib/toast';
import { callsViewsWords as words } from '~/words/calls-views';
import { NameViewDialog } from './view-dialogs';
import type { KeptView } from './views';

interface ViewMenuProps {
  view: KeptView;
  onRemoved: () => void;
}

/** What one may do with a view that one may change. */
export function ViewMenu({ view, onRemoved }: ViewMenuProps) {
  const { id: companyId, viewerMay } = useCompany();
  const [asked, ask] = useState<'name' | 'remove' | null>(null);
  const [, update] = useMutation(UpdateSavedViewDocument);
  const [, remove] = useMutation(DeleteSavedViewDocument);
  const close = () => ask(null);

  const share = async (isShared: boolean) => {
    const { data, error } = await update({ input: { companyId, viewId: view.id, isShared } });
    const failure = actionFailure(error, data?.updateSavedView);
    say(failure ?? (isShared ? words.isShared : words.isUnshared));
  };
  const confirmRemove = async () => {
    const { data, error } = await remove({ input: { companyId, viewId: view.id } });
    const failure = actionFailure(error, data?.deleteSavedView);
    if (failure !== null) return failure;
    say(words.removed);
    onRemoved();
    return null;
  };

  return (
    <>
      <Menu position="bottom-start" width={220}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={words.more(view.name)}>
            <Ellipsis size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Pencil size={15} aria-hidden />} onClick={() => ask('name')}>
            {words.rename}
          </Menu.Item>
          {!view.isShared && viewerMay.includes('SHARE_VIEWS') && (
            <Menu.Item leftSection={<Users size={15} aria-hidden />} onClick={() => share(true)}>
              {words.share}
            </Menu.Item>
          )}
          {view.isShared && view.isOwn && (
            <Menu.Item
              leftSection={<UserRound size={15} aria-hidden />}
              onClick={() => share(false)}
            >
              {words.unshare}
            </Menu.Item>
          )}
          <Menu.Item leftSection={<Trash2 size={15} aria-hidden />} onClick={() => ask('remove')}>
            {words.remove}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <NameViewDialog opened={asked === 'name'} view={view} onClose={close} />
      <ConfirmDialog
        opened={asked === 'remove'}
        title={words.removeTitle}
        confirm={words.removeConfirm}
        onClose={close}
        onConfirm={confirmRemove}
      >
        <p>{view.isShared ? words.removeShared(view.name) : words.removeOwn(view.name)}</p>
      </ConfirmDialog>
    </>
  );
}
