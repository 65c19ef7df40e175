import { Button, PasswordInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useMutation } from 'urql';
import { ReplaceEndpointSecretDocument } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import { failureText } from '~/lib/request-failure';
import * as words from '~/words/setup';
import { Recovered } from './recovered';
import classes from './setup-page.module.css';

export function ReplaceSecret() {
  const company = useCompany();
  const [secret, setSecret] = useState('');
  const [{ data, error, fetching }, replace] = useMutation(ReplaceEndpointSecretDocument);
  const result = data?.replaceEndpointSecret;
  const problem = error ? failureText(error) : result?.userErrors[0]?.message;
  const done = result != null && result.userErrors.length === 0;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const answer = await replace({ input: { companyId: company.id, secret } });
    if (answer.data?.replaceEndpointSecret.userErrors.length === 0) setSecret('');
  };

  return (
    <section className={classes.section} aria-labelledby="replace-title">
      <h2 className={classes.sectionTitle} id="replace-title">
        {words.ownSecretTitle}
      </h2>
      <div className={classes.card}>
        <p className={classes.note} style={{ marginBottom: 10 }}>
          {words.ownSecretLead}
        </p>
        <form className={classes.inlineForm} onSubmit={submit}>
          <PasswordInput
            aria-label={words.ownSecret}
            placeholder={words.ownSecretHint}
            autoComplete="off"
            value={secret}
            onChange={(event) => setSecret(event.currentTarget.value)}
            error={problem}
          />
          <Button type="submit" variant="default" loading={fetching} disabled={secret === ''}>
            {words.replaceSecret}
          </Button>
        </form>
        <div aria-live="polite">
          {done && (
            <p className={classes.note} style={{ marginTop: 10 }}>
              <span className={classes.good}>{words.replaced}</span> {result.warning}
            </p>
          )}
          {done && result.recheck && result.recheck.checked > 0 && (
            <Recovered recheck={result.recheck} />
          )}
        </div>
      </div>
    </section>
  );
}
