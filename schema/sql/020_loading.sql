-- Files whose rows are still being written, or were when we were killed.
CREATE INDEX proposal_loading ON proposal (id) WHERE state = 'loading';
