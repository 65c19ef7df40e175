import { Checkbox, Kbd } from '@mantine/core';
import { Dialog } from '~/components/dialog';
import { MOD_KEY } from '~/lib/keyboard';
import { useShortcutSwitch } from '~/lib/shortcuts';
import classes from './shortcut-sheet.module.css';

/** Keys that are pressed one after the other, or together where the first is held. */
const GROUPS: { title: string; rows: [keys: string[], what: string][] }[] = [
  {
    title: 'Anywhere',
    rows: [
      [[MOD_KEY, 'K'], 'Go to a page or a call, or do something'],
      [['g', 'c'], 'Go to calls'],
      [['g', 'd'], 'Go to deliveries'],
      [['g', 's'], 'Go to set-up'],
      [['g', 'i'], 'Go to the API'],
      [['g', ','], 'Go to the settings'],
      [['?'], 'This sheet'],
      [['Esc'], 'Close, or go back to the list'],
    ],
  },
  {
    title: 'In a list',
    rows: [
      [['j'], 'Next row; ↓ in the list'],
      [['k'], 'Previous row; ↑ in the list'],
      [['Enter'], 'Open it; o too'],
      [[MOD_KEY, 'Enter'], 'Open it in a new tab'],
      [['['], 'Newer page'],
      [[']'], 'Older page'],
      [['l'], 'Pause live updates, or go on'],
    ],
  },
  {
    title: 'Calls',
    rows: [
      [['/'], 'Search'],
      [['f'], 'Add a filter'],
      [['Shift', 'F'], 'Clear all filters'],
      [['t'], 'Time range'],
      [['y'], 'Copy link'],
      [['e'], 'Export'],
      [['c'], 'Copy call id'],
    ],
  },
  {
    title: 'Deliveries',
    rows: [[['r'], 'Re-check (asks first)']],
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
  { title: 'In the API page', rows: [[[MOD_KEY, 'Enter'], 'Run the query']] },
];

export function ShortcutSheet({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [on, setOn] = useShortcutSwitch();
  return (
    <Dialog opened={opened} onClose={onClose} title="Keyboard shortcuts" size="lg">
      <Checkbox
        className={classes.switch}
        checked={on}
        onChange={(event) => setOn(event.currentTarget.checked)}
        label="Single-key shortcuts"
        description="They never fire while you type. Whoever dictates may want them off; this browser remembers it."
      />
      <div className={classes.groups}>
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
      </div>
    </Dialog>
  );
}
