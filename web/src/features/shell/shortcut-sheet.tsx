import { Kbd } from '@mantine/core';
import { Dialog } from '~/components/dialog';
import classes from './shortcut-sheet.module.css';

const GROUPS: { title: string; rows: [keys: string[], what: string][] }[] = [
  {
    title: 'Anywhere',
    rows: [
      [['g', 'c'], 'Go to calls'],
      [['g', 'd'], 'Go to deliveries'],
      [['g', 's'], 'Go to set-up'],
      [['?'], 'This sheet'],
      [['Esc'], 'Close, or go back to the list'],
    ],
  },
  {
    title: 'In a list',
    rows: [
      [['/'], 'Search calls'],
      [['j'], 'Next row'],
      [['k'], 'Previous row'],
      [['Enter'], 'Open it'],
      [['['], 'Newer page'],
      [[']'], 'Older page'],
      [['l'], 'Live on or off'],
      [['r'], 'Re-check deliveries (asks first)'],
    ],
  },
  {
    title: 'In the chart of calls',
    rows: [
      [['←', '→'], 'Along the bars'],
      [['Shift', '→'], 'Several bars'],
      [['Enter'], 'Zoom in'],
      [['-'], 'Zoom out'],
    ],
  },
];

export function ShortcutSheet({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Dialog opened={opened} onClose={onClose} title="Keyboard shortcuts" size="sm">
      {GROUPS.map((group) => (
        <section key={group.title} className={classes.group}>
          <h3 className={classes.title}>{group.title}</h3>
          <dl className={classes.list}>
            {group.rows.map(([keys, what]) => (
              <div key={what} className={classes.row}>
                <dt>{what}</dt>
                <dd>
                  {keys.map((key) => (
                    <Kbd key={key}>{key}</Kbd>
                  ))}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
    </Dialog>
  );
}
