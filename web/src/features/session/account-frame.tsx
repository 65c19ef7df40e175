import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Logo } from '~/components/logo';
import classes from './account-frame.module.css';

interface AccountFrameProps {
  title: string;
  lead: string;
  children: ReactNode;
  footer: ReactNode;
}

export function AccountFrame({ title, lead, children, footer }: AccountFrameProps) {
  return (
    <main className={classes.page}>
      <div className={classes.brand}>
        <Logo />
      </div>
      <div className={classes.card}>
        <Title order={1} className={classes.title}>
          {title}
        </Title>
        <Text c="dimmed" size="sm" mb="lg">
          {lead}
        </Text>
        {children}
      </div>
      <Text size="sm" c="dimmed" ta="center">
        {footer}
      </Text>
    </main>
  );
}
