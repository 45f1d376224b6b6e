-- Where somebody is in danger: few of many, and looked for each time a day begins. Frozen.
CREATE INDEX cases_emergency_idx ON cases (filed_at) WHERE emergency;
