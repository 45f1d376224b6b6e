-- What is open, read in its order by an office, by who watches over officials, and in a district: a twentieth of an old register, so these
-- indexes are small. What the policy looks at stands in them. Frozen.
CREATE INDEX cases_agency_open_idx ON cases (agency, state, due_on, id)
  INCLUDE (desk, oversight, oversight_lane, sensitive, district_code, issue)
  WHERE NOT (oversight OR oversight_lane) AND state NOT IN ('resolved', 'archived', 'referred_outside', 'withdrawn');

CREATE INDEX cases_oversight_open_idx ON cases (desk, state, due_on, id)
  INCLUDE (agency, oversight, oversight_lane, sensitive, district_code, issue)
  WHERE (oversight OR oversight_lane) AND state NOT IN ('resolved', 'archived', 'referred_outside', 'withdrawn');

CREATE INDEX cases_district_open_idx ON cases (desk, district_code, state, due_on, id)
  INCLUDE (agency, oversight, oversight_lane, sensitive)
  WHERE state NOT IN ('resolved', 'archived', 'referred_outside', 'withdrawn');
