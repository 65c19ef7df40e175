import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from 'urql';
import { ConfirmDialog } from '~/components/confirm-dialog';
import { RotateEndpointUrlDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { actionFailure } from '~/lib/request-failure';
import * as words from '~/words/setup';
import classes from './setup-page.module.css';

/** For when somebody has seen the address who should not have. */
export function RotateUrl() {
  const company = useCompany();
  const [asking, ask] = useDisclosure(false);
  const [, rotate] = useMutation(RotateEndpointUrlDocument);
  return (
    <>
      <Button variant="default" size="xs" className={classes.rotate} onClick={ask.open}>
        {words.replaceUrl}
      </Button>
      <ConfirmDialog
        opened={asking}
        title={words.replaceUrlTitle}
        confirm={words.makeNewUrl}
        onClose={ask.close}
        onConfirm={async () => {
          const { data, error } = await rotate({ input: { companyId: company.id } });
          return actionFailure(error, data?.rotateEndpointUrl);
        }}
      >
        <p>{words.replaceUrlEffect}</p>
        <p>{words.replaceUrlUse}</p>
      </ConfirmDialog>
    </>
  );
}
