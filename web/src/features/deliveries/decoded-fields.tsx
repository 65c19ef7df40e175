import { Fragment, type ReactNode } from 'react';
import { dateAndTime, exactTime } from '~/lib/time';
import { useTimeZone } from '~/lib/time-zone';
import * as words from '~/words/deliveries';
import classes from './decoded-fields.module.css';
import { type FieldLine, type Fields, fieldTime } from './json-fields';

const INDENT_PX = 14;
const TEXT_CHARS_MAX = 2_000;

export function DecodedFields({ fields }: { fields: Fields }) {
  return (
    <>
      <dl className={classes.fields}>
        {fields.lines.map((line) => (
          <div
            key={line.path}
            className={classes.field}
            data-group={line.value.kind === 'group' || undefined}
          >
            <dt style={{ paddingLeft: line.depth * INDENT_PX }}>
              <bdi>{breakable(line.name)}</bdi>
            </dt>
            <dd>
              <Value line={line} />
            </dd>
          </div>
        ))}
      </dl>
      {fields.cut && <p className={classes.cut}>{words.moreFields}</p>}
    </>
  );
}

/** `entry_point_target` may go on in the next line behind an underscore, not within a word. */
function breakable(name: string): ReactNode {
  return name.split(/(?<=_)/).map((part, index) => (
    <Fragment key={index}>
      {index > 0 && <wbr />}
      {part}
    </Fragment>
  ));
}

function Value({ line }: { line: FieldLine }) {
  const timeZone = useTimeZone();
  const { value } = line;
  if (value.kind === 'group') {
    return value.empty ? <span className={classes.faint}>{words.emptyValue}</span> : null;
  }
  if (value.text === '') return <span className={classes.faint}>{words.emptyText}</span>;
  if (value.text === 'null') return <span className={classes.faint}>{words.nullValue}</span>;
  const time = fieldTime(line);
  if (time) {
    return (
      <time dateTime={time} title={`${value.text}\n${exactTime(time, timeZone)}`}>
        {dateAndTime(time, timeZone)}
      </time>
    );
  }
  const long = value.text.length > TEXT_CHARS_MAX;
  return <bdi>{long ? `${value.text.slice(0, TEXT_CHARS_MAX)}…` : value.text}</bdi>;
}
