import { Button, Group, Text, Title } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useRouter } from '@tanstack/react-router';
import type { CombinedError } from '@urql/core';
import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { isForbidden, requestId } from '~/lib/graphql-error';
import { usePageTitle } from '~/lib/use-page-title';
import classes from './page-state.module.css';

interface PageStateProps {
  title: string;
  /** The heading's level: 1 where nothing else on the page has one. */
  level?: 1 | 2;
  children?: ReactNode;
  action?: ReactNode;
}

/** A page, or the main part of one, that has nothing to show and says why. */
export function PageState({ title, level = 1, children, action }: PageStateProps) {
  return (
    <div className={classes.state}>
      <Title order={level} className={classes.title}>
        {title}
      </Title>
      {children && (
        <Text size="sm" c="dimmed" component="div" maw={480}>
          {children}
        </Text>
      )}
      {action && <Group mt="sm">{action}</Group>}
    </div>
  );
}

/** The same words whether it does not exist or belongs to someone else. */
export function NotFoundState() {
  usePageTitle('Not found');
  return (
    <PageState
      title="Nothing here"
      action={
        <Button component="a" href="/" variant="default">
          Go to your calls
        </Button>
      }
    >
      This address leads to nothing you can see. It may be mistyped, or belong to a company you are
      not a member of.
    </PageState>
  );
}

export function NotFoundPage() {
  return (
    <main>
      <NotFoundState />
    </main>
  );
}

export function ForbiddenState({ companyName }: { companyName: string }) {
  return (
    <PageState title="You may not see this">
      Your role in <bdi>{companyName}</bdi> does not include this page. An owner or admin can change
      that.
    </PageState>
  );
}

interface ErrorBannerProps {
  error: CombinedError;
  onRetry: () => void;
}

/** Stands above what was loaded before; the old content stays. */
export function ErrorBanner({ error, onRetry }: ErrorBannerProps) {
  const id = requestId(error);
  const text = error.networkError
    ? 'The server cannot be reached.'
    : isForbidden(error)
      ? 'You may not see this.'
      : 'Loading failed.';
  return (
    <div className={classes.banner} role="alert">
      <TriangleAlert size={16} aria-hidden />
      <span className={classes.bannerText}>
        {text}
        {id && (
          <>
            {' '}
            Request <code>{id}</code>
          </>
        )}
      </span>
      <Button size="compact-sm" variant="default" onClick={onRetry}>
        Retry
      </Button>
    </div>
  );
}

export function RouteErrorPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  usePageTitle('Error');
  const id =
    error instanceof Error && 'reason' in error ? requestId(error.reason as CombinedError) : null;
  return (
    <main>
      <PageState
        title="This page could not be loaded"
        action={
          <Button
            onClick={() => {
              reset();
              void router.invalidate();
            }}
          >
            Retry
          </Button>
        }
      >
        The server did not answer as expected. {id && <>Request {id}.</>}
      </PageState>
    </main>
  );
}
