import { Checkbox, Kbd } from '@mantine/core';
import { Dialog } from '~/components/dialog';
import { MOD_KEY } from '~/lib/keyboard';
import { useShortcutSwitch } from '~/lib/shortcuts';
import * as words from '~/words/shortcuts';
import classes from './shortcut-sheet.module.css';

/** Keys that are pressed one after the other, or together where the first is held. */
const GROUPS: { title: string; rows: [keys: string[], what: string][] }[] = [
  {
    title: words.anywhere,
    rows: [
      [[MOD_KEY, 'K'], words.palette],
      [['g', 'c'], words.goToCalls],
      [['g', 'd'], words.goToDeliveries],
      [['g', 's'], words.goToSetUp],
      [['g', 'i'], words.goToApi],
      [['g', ','], words.goToSettings],
      [['?'], words.thisSheet],
      [['Esc'], words.closeOrBack],
    ],
  },
  {
    title: words.inList,
    rows: [
      [['j'], words.nextRow],
      [['k'], words.previousRow],
      [['Enter'], words.openItBesideList],
      [[MOD_KEY, 'Enter'], words.openItInNewTab],
      [['Space'], words.peek],
      [['o'], words.openCallAsPage],
      [['['], words.newerPage],
      [[']'], words.olderPage],
      [['l'], words.pauseLive],
    ],
  },
  {
    title: words.calls,
    rows: [
      [['/'], words.search],
      [['f'], words.addFilter],
      [['Shift', 'F'], words.clearAllFilters],
      [['t'], words.timeRange],
      [['y'], words.copyLink],
      [['e'], words.exportIt],
      [['c'], words.copyCallId],
    ],
  },
  {
    title: words.deliveries,
    rows: [[['r'], words.recheck]],
  },
  {
    title: words.inChartOfCalls,
    rows: [
      [['←', '→'], words.alongBars],
      [['Shift', '→'], words.severalBars],
      [['Enter'], words.zoomIn],
      [['-'], words.zoomOut],
    ],
  },
  { title: words.inApiPage, rows: [[[MOD_KEY, 'Enter'], words.runQuery]] },
];

export function ShortcutSheet({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const [on, setOn] = useShortcutSwitch();
  return (
    <Dialog opened={opened} onClose={onClose} title={words.keyboardShortcuts} size="lg">
      <Checkbox
        className={classes.switch}
        checked={on}
        onChange={(event) => setOn(event.currentTarget.checked)}
        label={words.singleKeyShortcuts}
        description={words.singleKeyHint}
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
