import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useCompany } from '~/lib/company';
import classes from './settings-page.module.css';

/** The sections of the settings at the left, one of them beside it. */
export function SettingsPage({ children }: { children: ReactNode }) {
  const { slug } = useCompany();
  return (
    <div className={classes.page}>
      <h1 className={classes.title}>Settings</h1>
      <div className={classes.columns}>
        <nav aria-label="Settings" className={classes.sections}>
          <Link
            to="/c/$company/settings/security"
            params={{ company: slug }}
            className={classes.section}
          >
            Security
          </Link>
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
