import { TextInput } from '@mantine/core';
import { ChevronRight, Search } from 'lucide-react';
import { Fragment, useRef, useState } from 'react';
import * as words from '~/words/api';
import { type FoundType, findTypes, KIND_WORDS } from './reference-search';
import { type Field, namedType, SCHEMA, typeNamed } from './schema-model';
import classes from './schema-reference.module.css';

const ID = 'schema-type-';

/** The words of the schema, to be searched and walked from type to type. */
export function SchemaReference() {
  const [wanted, setWanted] = useState('');
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set([SCHEMA.query ?? '']));
  const list = useRef<HTMLDivElement>(null);
  const found = findTypes(wanted);
  const toggle = (name: string) => {
    const next = new Set(opened);
    if (!next.delete(name)) next.add(name);
    setOpened(next);
  };
  const goTo = (name: string) => {
    setWanted('');
    setOpened(new Set([...opened, name]));
    // The list is whole again after this change has been drawn.
    requestAnimationFrame(() => {
      const target = list.current?.querySelector<HTMLElement>(`#${ID}${name}`);
      target?.scrollIntoView({ block: 'start' });
      target?.focus({ preventScroll: true });
    });
  };
  return (
    <div className={classes.reference}>
      <TextInput
        size="sm"
        type="search"
        aria-label={words.searchSchema}
        placeholder={words.searchHint}
        leftSection={<Search size={14} aria-hidden />}
        value={wanted}
        onChange={(event) => setWanted(event.currentTarget.value)}
      />
      <p className="visually-hidden" role="status">
        {words.typeCount(found.length)}
      </p>
      <div className={classes.list} ref={list}>
        {found.length === 0 && <p className={classes.none}>{words.nothingAboutThis}</p>}
        {found.map((each, index) => (
          <Fragment key={each.type.name}>
            {wanted === '' && startsKind(found, index) && (
              <h2 className={classes.kind}>{KIND_WORDS[each.type.kind]}</h2>
            )}
            <TypeEntry
              found={each}
              opened={each.members !== null || opened.has(each.type.name)}
              onToggle={() => toggle(each.type.name)}
              onGoTo={goTo}
            />
          </Fragment>
        ))}
      </div>
    </div>
  );
}

function startsKind(found: FoundType[], index: number): boolean {
  return found[index]?.type.kind !== found[index - 1]?.type.kind;
}

interface TypeEntryProps {
  found: FoundType;
  opened: boolean;
  onToggle: () => void;
  onGoTo: (name: string) => void;
}

function TypeEntry({ found: { type, members }, opened, onToggle, onGoTo }: TypeEntryProps) {
  const shown = <Member extends { name: string }>(all: Member[] | undefined) =>
    (all ?? []).filter(({ name }) => members === null || members.has(name));
  return (
    <section className={classes.type}>
      <h3 className={classes.typeHead}>
        <button
          type="button"
          id={`${ID}${type.name}`}
          className={classes.typeName}
          aria-expanded={opened}
          onClick={onToggle}
        >
          <ChevronRight size={14} aria-hidden />
          {type.name} <span className={classes.typeKind}>{type.kind}</span>
        </button>
      </h3>
      {opened && (
        <div className={classes.body}>
          <About text={type.about} />
          {shown(type.fields).map((field) => (
            <FieldEntry key={field.name} field={field} onGoTo={onGoTo} />
          ))}
          {shown(type.values).map(({ name, about }) => (
            <div key={name} className={classes.member}>
              <code className={classes.value}>{name}</code>
              <About text={about} />
            </div>
          ))}
        </div>
      )}
    </section>
  );
}

function FieldEntry({ field, onGoTo }: { field: Field; onGoTo: TypeEntryProps['onGoTo'] }) {
  return (
    <div className={classes.member}>
      <code>
        <span className={classes.field}>{field.name}</span>:{' '}
        <TypeLink {...{ onGoTo }} type={field.type} />
      </code>
      <About text={field.about} />
      {field.args && (
        <ul className={classes.arguments} aria-label={words.argumentsOf(field.name)}>
          {field.args.map((each) => (
            <li key={each.name}>
              <code>
                {each.name}: <TypeLink {...{ onGoTo }} type={each.type} />
              </code>{' '}
              <About text={each.about} inline />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** What stands between backticks is code. */
function About({ text, inline = false }: { text: string; inline?: boolean }) {
  if (text === '') return null;
  const Tag = inline ? 'span' : 'p';
  return (
    <Tag className={classes.about}>
      {text
        .split('`')
        .map((part, index) => (index % 2 === 1 ? <code key={index}>{part}</code> : part))}
    </Tag>
  );
}

/** A type as GraphQL writes it; where there is more to know of it, it leads there. */
function TypeLink({ type, onGoTo }: { type: string; onGoTo: TypeEntryProps['onGoTo'] }) {
  const target = typeNamed(type);
  if (!target || (target.kind === 'scalar' && target.about === '')) return <>{type}</>;
  return (
    <button type="button" className={classes.typeLink} onClick={() => onGoTo(namedType(type))}>
      {type}
    </button>
  );
}
