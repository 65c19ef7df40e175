import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { CompanyAction } from '~/gql/documents';
import { useCompany } from '~/lib/company';
import * as words from '~/words/settings';
import classes from './settings-page.module.css';

type Section = {
  to:
    | '/c/$company/settings/security'
    | '/c/$company/settings/company'
    | '/c/$company/settings/people'
    | '/c/$company/settings/keys'
    | '/c/$company/settings/audit';
  label: string;
  /** What one must be allowed to do to see it. */
  needs: CompanyAction | null;
};

const SECTIONS: Section[] = [
  { to: '/c/$company/settings/security', label: words.security, needs: null },
  { to: '/c/$company/settings/company', label: words.company, needs: null },
  { to: '/c/$company/settings/people', label: words.people, needs: 'READ_PEOPLE' },
  { to: '/c/$company/settings/keys', label: words.apiKeys, needs: 'MANAGE_API_KEYS' },
  { to: '/c/$company/settings/audit', label: words.auditLog, needs: 'READ_AUDIT' },
];

/** The sections of the settings at the left, one of them beside it. */
export function SettingsPage({ children }: { children: ReactNode }) {
  const { slug, viewerMay } = useCompany();
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>{words.settings}</h1>
      <div className={classes.columns}>
        <nav aria-label={words.settings} className={classes.sections}>
          {SECTIONS.filter(({ needs }) => needs === null || viewerMay.includes(needs)).map(
            ({ to, label }) => (
              <Link key={to} to={to} params={{ company: slug }} className={classes.section}>
                {label}
              </Link>
            ),
          )}
        </nav>
        <div className={classes.cards}>{children}</div>
      </div>
    </div>
  );
}

interface CardProps {
  title: string;
  /** Stands at the right of the title. */
  action?: ReactNode;
  children: ReactNode;
}

export function Card({ title, action, children }: CardProps) {
  return (
    <section className={classes.card} aria-label={title}>
      <div className={classes.cardHead}>
        <h2 className={classes.cardTitle}>{title}</h2>
        {action}
      </div>
      {children}
    </section>
  );
}
