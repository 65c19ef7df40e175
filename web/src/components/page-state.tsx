import { Button, Group, Text, Title } from '@mantine/core';
import type { ErrorComponentProps } from '@tanstack/react-router';
import { useRouter } from '@tanstack/react-router';
import type { CombinedError } from '@urql/core';
import { TriangleAlert } from 'lucide-react';
import type { ReactNode } from 'react';
import { isForbidden, requestId } from '~/lib/graphql-error';
import { usePageTitle } from '~/lib/use-page-title';
import * as words from '~/words/page-state';
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
  usePageTitle(words.notFoundTitle);
  return (
    <PageState
      title={words.nothingHere}
      action={
        <Button component="a" href="/" variant="default">
          {words.goToCalls}
        </Button>
      }
    >
      {words.leadsToNothing}
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
    <PageState title={words.mayNotSeeTitle}>
      {words.roleExcludesPage(<bdi>{companyName}</bdi>)}
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
    ? words.unreachable
    : isForbidden(error)
      ? words.mayNotSee
      : words.loadingFailed;
  return (
    <div className={classes.banner} role="alert">
      <TriangleAlert size={16} aria-hidden />
      <span className={classes.bannerText}>
        {text} {id && words.failedRequest(<code>{id}</code>)}
      </span>
      <Button size="compact-sm" variant="default" onClick={onRetry}>
        {words.retry}
      </Button>
    </div>
  );
}

export function RouteErrorPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  usePageTitle(words.errorTitle);
  const id =
    error instanceof Error && 'reason' in error ? requestId(error.reason as CombinedError) : null;
  return (
    <main>
      <PageState
        title={words.pageNotLoaded}
        action={
          <Button
            onClick={() => {
              reset();
              void router.invalidate();
            }}
          >
            {words.retry}
          </Button>
        }
      >
        {id ? words.unexpectedAnswerTo(id) : words.unexpectedAnswer}
      </PageState>
    </main>
  );
}
