-- Officers attach evidence to a case they see; whose file it is stays with the case's key.
GRANT INSERT ON attachments TO teman_lapor_desk;

CREATE POLICY desk_attaches ON attachments FOR INSERT TO teman_lapor_desk
  WITH CHECK (conversation_id IS NULL AND case_id IS NOT NULL AND desk_could_see(case_id));
