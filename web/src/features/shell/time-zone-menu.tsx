import { Menu, UnstyledButton } from '@mantine/core';
import { Check, Clock } from 'lucide-react';
import { clockTime, zoneName } from '~/lib/time';
import {
  chooseZone,
  showRelativeTimes,
  useChosenZone,
  useRelativeTimes,
  useZones,
  ZONES,
} from '~/lib/time-zone';
import { useNow } from '~/lib/use-now';
import * as words from '~/words/shell';
import classes from './sidebar.module.css';

/** `New York` of `America/New_York`. */
function cityOf(zone: string): string {
  return zone.split('/').at(-1)?.replaceAll('_', ' ') ?? zone;
}

const MINUTE_MS = 60_000;

/** Says in which zone times are shown, on every page, and changes it. */
export function TimeZoneMenu() {
  const zones = useZones();
  const chosen = useChosenZone();
  const relative = useRelativeTimes();
  const now = useNow(MINUTE_MS).toISOString();
  const current = zones[chosen];
  return (
    <Menu position="top-start" width={300}>
      <Menu.Target>
        <UnstyledButton className={classes.zone} title={words.changeTimes}>
          <Clock size={14} aria-hidden />
          <span className={classes.zoneName}>
            {words.timesIn(cityOf(current), zoneName(now, current))}
          </span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {ZONES.map((zone) => (
          <Menu.Item
            key={zone}
            rightSection={zone === chosen ? <Check size={14} aria-label={words.chosen} /> : null}
            onClick={() => chooseZone(zone)}
          >
            {words.ZONE_WORDS[zone]}
            <span className={classes.zoneHint}>
              {words.nowIn(zones[zone], clockTime(now, zones[zone]).slice(0, 5))}
            </span>
          </Menu.Item>
        ))}
        <Menu.Divider />
        <Menu.Item
          rightSection={relative ? <Check size={14} aria-label={words.chosen} /> : null}
          onClick={() => showRelativeTimes(!relative)}
        >
          {words.relativeTimes}
          <span className={classes.zoneHint}>{words.relativeTimesHint}</span>
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
