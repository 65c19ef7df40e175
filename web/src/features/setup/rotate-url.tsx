import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation } from 'urql';
import { ConfirmDialog } from '~/components/confirm-dialog';
import { RotateEndpointUrlDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { actionFailure } from '~/lib/request-failure';
import classes from './setup-page.module.css';

/** For when somebody has seen the address who should not have. */
export function RotateUrl() {
  const company = useCompany();
  const [asking, ask] = useDisclosure(false);
  const [, rotate] = useMutation(RotateEndpointUrlDocument);
  return (
    <>
      <Button variant="default" size="xs" className={classes.rotate} onClick={ask.open}>
        Replace the Request URL
      </Button>
      <ConfirmDialog
        opened={asking}
        title="Replace the Request URL?"
        confirm="Make a new Request URL"
        onClose={ask.close}
        onConfirm={async () => {
          const { data, error } = await rotate({ input: { companyId: company.id } });
          return actionFailure(error, data?.rotateEndpointUrl);
        }}
      >
        <p>
          You get a new Request URL at once. The one of now works for another 7 days, so that you
          can change it in Dialpad without losing an event.
        </p>
        <p>This page shows when the old one was last used, and lets you end it sooner.</p>
      </ConfirmDialog>
    </>
  );
}
