-- Where an API key may be used from.
ALTER TABLE api_keys ADD COLUMN networks text[] NOT NULL DEFAULT '{}';  -- such as 192.0.2.0/24; none: from everywhere
GRANT SELECT (networks) ON api_keys TO trunkline_api;
