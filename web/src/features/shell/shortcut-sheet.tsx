import { Kbd, Modal } from '@mantine/core';
import classes from './shortcut-sheet.module.css';

const GROUPS: { title: string; rows: [keys: string[], what: string][] }[] = [
  {
    title: 'Anywhere',
    rows: [
      [['g', 'c'], 'Go to calls'],
      [['g', 's'], 'Go to set-up'],
      [['?'], 'This sheet'],
      [['Esc'], 'Close, or go back to the list'],
    ],
  },
  {
    title: 'Calls',
    rows: [
      [['/'], 'Search'],
      [['j'], 'Next call'],
      [['k'], 'Previous call'],
      [['Enter'], 'Open the call'],
      [['['], 'Newer page'],
      [[']'], 'Older page'],
      [['l'], 'Live on or off'],
    ],
  },
];

export function ShortcutSheet({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Keyboard shortcuts"
      closeButtonProps={{ 'aria-label': 'Close' }}
      size="sm"
    >
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
    </Modal>
  );
}
