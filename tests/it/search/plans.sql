-- Two companies with 20,000 calls each, as the projector would have left them: enough that reading all of them is never
-- the best plan for a page.
INSERT INTO parties (tenant_id, party_id, kind, dialpad_id, name, email, phone)
  SELECT tenant_id, md5(tenant_id::text || id)::uuid, 'local', id::text, 'Grace Hopper' || id, 'grace.' || id || '@example.com',
         '+1206555' || lpad(id::text, 4, '0')
  FROM tenants, generate_series(1, 4000) id;
INSERT INTO party_terms (tenant_id, party_id, term)
  SELECT tenant_id, md5(tenant_id::text || id)::uuid, term FROM tenants, generate_series(1, 4000) id,
    unnest(ARRAY['ngrace hopper' || id, 'wgrace', 'whopper' || id, 'egrace.' || id || '@example.com', 'w' || id, 'wexample', 'wcom',
                 'd1206555' || lpad(id::text, 4, '0'), 'r' || reverse('1206555' || lpad(id::text, 4, '0'))]) term;
INSERT INTO calls (tenant_id, call_id, started_at, direction, state, state_raw, outcome, internal_number, external_number,
                   contact_party, group_id, date_started, duration_ms, was_recorded, labels, label_terms, event_count,
                   updated_at, conversation_id)
  SELECT tenant_id, id, timestamptz '2026-03-01' + id * interval '7 minutes',
         CASE WHEN id % 3 = 0 THEN 'outbound' ELSE 'inbound' END, 'hangup', 'hangup',
         CASE id % 10 WHEN 0 THEN 'missed' ELSE 'answered' END, '+14155550101',
         '+1206555' || lpad((1 + id % 4000)::text, 4, '0'), md5(tenant_id::text || (1 + id % 4000))::uuid,
         'CallCenter:' || id % 5, timestamptz '2026-03-01' + id * interval '7 minutes', (id % 600) * 1000, id % 4 = 0,
         '{}', '{}', 6, timestamptz '2026-03-01' + id * interval '7 minutes', id
  FROM tenants, generate_series(1, 20000) id;
INSERT INTO call_parties (tenant_id, call_id, party_id, sides, started_at)
  SELECT tenant_id, call_id, contact_party, 5, started_at FROM calls;
INSERT INTO conversation_legs (tenant_id, conversation_id, call_id)
  SELECT tenant_id, conversation_id, call_id FROM calls;
INSERT INTO call_changes (tenant_id, call_id, changed_at) SELECT tenant_id, call_id, updated_at FROM calls;
